package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code silu(g) = g sigmoid(g)}, computed as {@code h (1 + tanh h)} with {@code h = g / 2}: tanh
 * is the fast one of the two here.
 */
final class Silu {
  private final INDArray silu;
  private final INDArray r;

  /**
   * @param silu holds h before and silu(2h) after {@link #forward}, kept until the backward pass
   */
  Silu(Buffers buffers, INDArray silu) {
    this.silu = silu;
    this.r = buffers.kept("1 + tanh", silu.shape());
  }

  void forward(Program program) {
    program.tanh(silu, r);
    program.addScalar(r, 1, r);
    program.multiply(silu, r, silu);
  }

  /** Writes twice the derivative by g: {@code r + silu (2 - r)}. */
  void twiceSlope(Program program, INDArray into) {
    program.scale(r, -1, into);
    program.addScalar(into, 2, into);
    program.multiply(into, silu, into);
    program.add(into, r, into);
  }
}
