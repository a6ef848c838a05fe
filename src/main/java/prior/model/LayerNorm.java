package prior.model;

import static prior.model.Program.Form.AB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer normalisation with a gain and, where there is one, a bias: {@code y = g (x - mean) /
 * sqrt(variance + 1e-5) + b}, biased variance, over the rows of an {@code [R, D]} matrix.
 */
final class LayerNorm {
  private static final double EPSILON = 1e-5;

  private final Buffers buffers;
  private final INDArray g;
  private final INDArray gradient;
  private final Weights.Tensor bias;
  private final long rows;
  private final long dim;
  private final INDArray normalised;
  private final INDArray reciprocalDeviation;
  private final HostLayerNorm onHost;

  LayerNorm(Buffers buffers, Weights.Tensor gain, long rows) {
    this(buffers, gain, null, rows);
  }

  /** The norm whose gain and bias lie at {@code name.weight} and {@code name.bias}. */
  static LayerNorm biased(Buffers buffers, Weights weights, String name, long rows) {
    Weights.Tensor bias = weights.tensor(name + ".bias");
    return new LayerNorm(
        buffers, weights.tensor(name + ".weight"), bias.reshape(1, bias.value().length()), rows);
  }

  private LayerNorm(Buffers buffers, Weights.Tensor gain, Weights.Tensor bias, long rows) {
    this.buffers = buffers;
    this.bias = bias;
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
    if (bias != null) {
      program.add(y, bias.value(), y);
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

  /** Reads dy {@code [R, D]}, writes dx and the gradients of gain and bias; dx may be dy. */
  void backward(Program program, INDArray dy, INDArray dx) {
    if (bias != null) {
      program.matmul(AB, buffers.constant(1, 1, rows), dy, bias.gradient());
    }
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
