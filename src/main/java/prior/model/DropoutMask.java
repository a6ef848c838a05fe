package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import prior.data.NamedRandom;

/**
 * Factors on an array of activations: 0 where one is dropped, 1/(1-rate) elsewhere (Srivastava et
 * al. 2014, scaled in training). One random word decides four elements, so the rate is a multiple
 * of 2^-16.
 */
final class DropoutMask {
  /** Drops nothing and costs nothing. */
  static final DropoutMask NONE = new DropoutMask(null, 0);

  private static final int BLOCK = 1 << 14;
  private static final int LEVELS = 1 << 16;

  private final INDArray factors;
  private final int dropped;
  private final float kept;

  /**
   * @param factors of the activations' length
   */
  DropoutMask(INDArray factors, double rate) {
    this.factors = factors;
    this.dropped = (int) Math.round(rate * LEVELS);
    this.kept = (float) LEVELS / (LEVELS - dropped);
  }

  /** Whether anything may be dropped. */
  boolean drops() {
    return factors != null;
  }

  /** Records {@code into = x * factors}; nothing where nothing is dropped. */
  void apply(Program program, INDArray x, INDArray into) {
    if (drops()) {
      program.multiply(x, factors.reshape('c', x.shape()), into);
    }
  }

  /** Draws all factors anew. */
  void draw(NamedRandom random) {
    float[] block = new float[(int) Math.min(BLOCK, factors.length())];
    for (long from = 0; from < factors.length(); from += block.length) {
      int count = (int) Math.min(block.length, factors.length() - from);
      long word = 0;
      for (int i = 0; i < count; i++) {
        word = i % 4 == 0 ? random.nextLong() : word >>> 16;
        block[i] = (word & (LEVELS - 1)) < dropped ? 0 : kept;
      }
      HostMemory.write(block, count, factors, from);
    }
  }

  /** Drops nothing until the next draw. */
  void rest() {
    factors.assign(1);
  }
}
