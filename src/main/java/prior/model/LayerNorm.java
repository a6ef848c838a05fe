package prior.model;

import static prior.model.Program.Form.AB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer normalisation with a gain and no bias: {@code y = g (x - mean) / sqrt(variance + 1e-5)},
 * biased variance, over the rows of an {@code [R, D]} matrix.
 */
final class LayerNorm {
  private static final double EPSILON = 1e-5;

  private final Buffers buffers;
  private final INDArray g;
  private final INDArray gradient;
  private final long rows;
  private final long dim;
  private final INDArray normalised;
  private final INDArray reciprocalDeviation;
  private final HostLayerNorm onHost;

  LayerNorm(Buffers buffers, Weights.Tensor gain, long rows) {
    this.buffers = buffers;
    this.dim = gain.value().length();
    this.g = gain.value().reshape(1, dim);
    this.gradient = gain.gradient() == null ? null : gain.gradient().reshape(1, dim);
    this.rows = rows;
    this.normalised = buffers.kept("normalised", rows, dim);
    this.reciprocalDeviation = buffers.kept("reciprocal deviation", rows, 1);
    this.onHost =
        buffers.onHost()
            ? new HostLayerNorm(
                g, EPSILON, gradient == null ? null : normalised, reciprocalDeviation)
            : null;
  }

  /** Reads x {@code [R, D]}, writes y; the two may be the same. */
  void forward(Program program, INDArray x, INDArray y) {
    if (onHost == null) {
      recordForward(program, x, y);
    } else {
      HostVector from = new HostVector(x);
      HostVector to = new HostVector(y);
      program.onHost(() -> onHost.forward(from, to));
    }
  }

  private void recordForward(Program program, INDArray x, INDArray y) {
    INDArray mean = buffers.scratch("row mean", rows, 1);
    INDArray squares = buffers.scratch("row squares", rows, dim);
    INDArray average = buffers.constant(1.0 / dim, dim, 1);
    program.matmul(AB, x, average, mean);
    program.subtract(x, mean, normalised);
    program.multiply(normalised, normalised, squares);
    program.matmul(AB, squares, average, reciprocalDeviation);
    program.addScalar(reciprocalDeviation, EPSILON, reciprocalDeviation);
    program.rsqrt(reciprocalDeviation, reciprocalDeviation);
    program.multiply(normalised, reciprocalDeviation, normalised);
    program.multiply(normalised, g, y);
  }

  /** Reads dy {@code [R, D]}, writes dx and the gain's gradient; dx may be dy. */
  void backward(Program program, INDArray dy, INDArray dx) {
    if (onHost == null) {
      recordBackward(program, dy, dx);
    } else {
      HostVector from = new HostVector(dy);
      HostVector to = new HostVector(dx);
      HostVector ofGain = new HostVector(gradient);
      program.onHost(() -> onHost.backward(from, to, ofGain));
    }
  }

  private void recordBackward(Program program, INDArray dy, INDArray dx) {
    INDArray product = buffers.scratch("row squares", rows, dim);
    INDArray alongNormalised = buffers.scratch("along normalised", rows, 1);
    INDArray alongOnes = buffers.scratch("row mean", rows, 1);
    program.multiply(dy, normalised, product);
    program.matmul(AB, buffers.constant(1, 1, rows), product, gradient);
    program.matmul(Program.Form.ABT, 1.0 / dim, product, g, 0, alongNormalised);
    program.matmul(Program.Form.ABT, 1.0 / dim, dy, g, 0, alongOnes);
    program.multiply(normalised, alongNormalised, product);
    program.multiply(dy, g, dx);
    program.subtract(dx, product, dx);
    program.subtract(dx, alongOnes, dx);
    program.multiply(dx, reciprocalDeviation, dx);
  }
}
