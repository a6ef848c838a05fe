package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** As array operations, by the error function, for any type and device. */
final class RecordedGelu implements Gelu {
  private static final double DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);

  private final Buffers buffers;
  private final INDArray x;
  private final INDArray phi;
  private final INDArray into;

  RecordedGelu(Buffers buffers, INDArray x, INDArray into) {
    this.buffers = buffers;
    this.x = x;
    this.phi = buffers.kept("phi", x.shape());
    this.into = into;
  }

  @Override
  public void forward(Program program) {
    program.scale(x, 1 / Math.sqrt(2), phi);
    program.erf(phi, phi);
    program.addScalar(phi, 1, phi);
    program.scale(phi, 0.5, phi);
    program.multiply(x, phi, into);
  }

  @Override
  public void backward(Program program, INDArray gradient) {
    INDArray slope = buffers.scratch("gelu slope", x.shape());
    program.multiply(x, x, slope);
    program.scale(slope, -0.5, slope);
    program.exp(slope, slope);
    program.scale(slope, DENSITY_AT_ZERO, slope);
    program.multiply(slope, x, slope);
    program.add(slope, phi, slope);
    program.multiply(gradient, slope, gradient);
  }
}
