package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code gelu(x) = x Phi(x)} with Phi the normal distribution's, by the error function. */
final class Gelu {
  private static final double DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);

  private final Buffers buffers;
  private final INDArray x;
  private final INDArray phi;

  /**
   * @param x kept until the backward pass
   */
  Gelu(Buffers buffers, INDArray x) {
    this.buffers = buffers;
    this.x = x;
    this.phi = buffers.kept("phi", x.shape());
  }

  void forward(Program program, INDArray into) {
    program.scale(x, 1 / Math.sqrt(2), phi);
    program.erf(phi, phi);
    program.addScalar(phi, 1, phi);
    program.scale(phi, 0.5, phi);
    program.multiply(x, phi, into);
  }

  /** Multiplies a gradient by the slope {@code Phi(x) + x Phi'(x)}, in place. */
  void backward(Program program, INDArray d) {
    INDArray slope = buffers.scratch("gelu slope", x.shape());
    program.multiply(x, x, slope);
    program.scale(slope, -0.5, slope);
    program.exp(slope, slope);
    program.scale(slope, DENSITY_AT_ZERO, slope);
    program.multiply(slope, x, slope);
    program.add(slope, phi, slope);
    program.multiply(d, slope, d);
  }
}
