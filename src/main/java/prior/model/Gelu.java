package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code gelu(x) = x Phi(x)} with Phi the normal distribution's (Hendrycks and Gimpel 2016). */
interface Gelu {

  /** Writes gelu(x). */
  void forward(Program program);

  /** Multiplies a gradient by the slope {@code Phi(x) + x Phi'(x)}, in place. */
  void backward(Program program, INDArray gradient);

  /**
   * The one for where the arrays lie.
   *
   * @param x kept until the backward pass
   * @param into what {@link #forward} writes
   */
  static Gelu of(Buffers buffers, INDArray x, INDArray into) {
    return buffers.onHost() ? new HostGelu(buffers, x, into) : new RecordedGelu(buffers, x, into);
  }
}
