package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Brings the rows of a prediction {@code [B, D]} to one length before the loss, the reference's
 * {@code training_clamp_l2norm}.
 */
final class OutputClamp {
  private final double length;
  private final INDArray clamped;
  private final UnitLength unit;

  OutputClamp(Buffers buffers, double length, long... shape) {
    this.length = length;
    this.clamped = buffers.own(shape);
    this.unit = new UnitLength(buffers, buffers.own(shape));
  }

  /** The rows of x at the length. */
  INDArray forward(Program program, INDArray x) {
    program.copy(x, unit.rows());
    unit.forward(program);
    program.scale(unit.rows(), length, clamped);
    return clamped;
  }

  /** Turns the gradient of the clamped rows into that of the rows, in place. */
  void backward(Program program, INDArray d) {
    program.scale(d, length, d);
    unit.backward(program, d);
  }
}
