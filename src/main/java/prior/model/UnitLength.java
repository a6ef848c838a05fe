package prior.model;

import static prior.model.Program.Form.AB;

import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code y = x / max(|x|, 1e-12)} over the rows of an {@code [R, d]} matrix. */
final class UnitLength {
  private static final double EPSILON = 1e-24;

  private final Buffers buffers;
  private final INDArray unit;
  private final INDArray reciprocalNorm;

  /**
   * Makes the rows of what will be in {@code unit} unit length, in place.
   *
   * @param unit {@code [R, d]}, kept until the backward pass
   */
  UnitLength(Buffers buffers, INDArray unit) {
    this.buffers = buffers;
    this.unit = unit;
    this.reciprocalNorm = buffers.kept("reciprocal norm", unit.size(0), 1);
  }

  /** The rows themselves. */
  INDArray rows() {
    return unit;
  }

  void forward(Program program) {
    INDArray squares = buffers.scratch("turned", unit.shape());
    program.multiply(unit, unit, squares);
    program.matmul(AB, squares, buffers.constant(1, unit.size(1), 1), reciprocalNorm);
    program.addScalar(reciprocalNorm, EPSILON, reciprocalNorm);
    program.rsqrt(reciprocalNorm, reciprocalNorm);
    program.multiply(unit, reciprocalNorm, unit);
  }

  /** {@code dx = (dy - y (y . dy)) / |x|}, in place of dy. */
  void backward(Program program, INDArray dy) {
    INDArray product = buffers.scratch("turned", unit.shape());
    INDArray along = buffers.scratch("along unit", unit.size(0), 1);
    program.multiply(unit, dy, product);
    program.matmul(AB, product, buffers.constant(1, unit.size(1), 1), along);
    program.multiply(unit, along, product);
    program.subtract(dy, product, dy);
    program.multiply(dy, reciprocalNorm, dy);
  }
}
