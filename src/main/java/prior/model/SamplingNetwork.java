package prior.model;

import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.diffusion.Denoiser;

/**
 * A network for many calls on the same texts, with several samples of each. One thread at a time
 * may use it.
 */
public interface SamplingNetwork {
  /**
   * The network of a shape.
   *
   * @param values the flat parameters, see {@link ParameterLayout}
   * @param texts texts of a batch
   * @param samplesPerText rows of a batch for each of its texts, one after another
   */
  static SamplingNetwork of(NetworkShape shape, INDArray values, int texts, int samplesPerText) {
    if (shape instanceof UnclipShape unclip) {
      return unclip.conf().masked()
          ? new UnclipSampling(unclip, values, texts, samplesPerText)
          : new WholeSampling(unclip, values, texts, samplesPerText);
    }
    return new CausalSampling((Dalle2Shape) shape, values, texts, samplesPerText);
  }

  /** Rows of a batch, all samples of all texts. */
  int rows();

  /** Text embeddings to fill before {@link #readText}, {@code [texts, P]}; null without. */
  INDArray text();

  /** Text rows to fill before {@link #readText}, {@code [texts, M, E]}; null without. */
  INDArray textEncodings();

  /**
   * The columns of attributes to fill before {@link #readText}, {@code [texts, C]}, see {@link
   * AttributeShape#columns}; null without.
   */
  INDArray attributes();

  /** Takes over the texts and attributes for all calls until the next. */
  void readText();

  /** Predicts with the text and attributes last read. */
  Denoiser conditional();

  /**
   * The same with a timestep for each row, and without an estimate of x_0.
   *
   * @param x noised embeddings {@code [B, D]}; not written
   * @param times {@code [B, 1]}
   * @return {@code [B, D]}, valid until the next call
   */
  INDArray predict(INDArray x, INDArray times);

  /**
   * Predicts with the text and attributes read from now on, but for some attributes.
   *
   * @param dropped names of the shape's attributes
   */
  Denoiser without(Set<String> dropped);

  /** Predicts with all conditions dropped. */
  Denoiser unconditional();
}
