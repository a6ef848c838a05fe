package prior.model;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link LayerNorm} in one pass over host memory each way, row by row. */
final class HostLayerNorm {
  private final double epsilon;
  private final int rows;
  private final int dim;
  private final HostVector g;
  private final HostVector normalised;
  private final HostVector reciprocalDeviation;
  private final float[] gain;
  private final float[] row;
  private final float[] dRow;
  private final float[] dGain;
  private final float[] reciprocals;
  private final RowSums sums;

  /**
   * @param normalised kept for the backward pass; null in inference
   */
  HostLayerNorm(INDArray g, double epsilon, INDArray normalised, INDArray reciprocalDeviation) {
    this.epsilon = epsilon;
    this.rows = Math.toIntExact(reciprocalDeviation.length());
    this.dim = Math.toIntExact(g.length());
    this.g = new HostVector(g);
    this.normalised = normalised == null ? null : new HostVector(normalised);
    this.reciprocalDeviation = new HostVector(reciprocalDeviation);
    this.gain = new float[dim];
    this.row = new float[dim];
    this.dRow = new float[dim];
    this.dGain = new float[dim];
    this.reciprocals = new float[rows];
    this.sums = new RowSums(dim);
  }

  void forward(HostVector x, HostVector y) {
    g.get(0, gain, dim);
    for (int i = 0; i < rows; i++) {
      x.getRow(i, row, dim);
      float mean = sums.sum(row, dim) / dim;
      subtract(row, mean, dim);
      float variance = sums.product(row, row, dim) / dim;
      reciprocals[i] = (float) (1 / Math.sqrt(variance + epsilon));
      scale(row, reciprocals[i], dim);
      if (normalised != null) {
        normalised.put(i * dim, row, dim);
      }
      multiply(row, gain, dim);
      y.putRow(i, row, dim);
    }
    reciprocalDeviation.put(0, reciprocals, rows);
  }

  void backward(HostVector dy, HostVector dx, HostVector gradient) {
    g.get(0, gain, dim);
    Arrays.fill(dGain, 0);
    reciprocalDeviation.get(0, reciprocals, rows);
    for (int i = 0; i < rows; i++) {
      dy.getRow(i, dRow, dim);
      normalised.get(i * dim, row, dim);
      addProduct(dGain, dRow, row, dim);
      multiply(dRow, gain, dim);
      float alongNormalised = sums.product(dRow, row, dim) / dim;
      float alongOnes = sums.sum(dRow, dim) / dim;
      project(dRow, row, alongNormalised, alongOnes, reciprocals[i], dim);
      dx.putRow(i, dRow, dim);
    }
    gradient.put(0, dGain, dim);
  }

  private static void subtract(float[] x, float value, int n) {
    for (int i = 0; i < n; i++) {
      x[i] -= value;
    }
  }

  private static void scale(float[] x, float value, int n) {
    for (int i = 0; i < n; i++) {
      x[i] *= value;
    }
  }

  private static void multiply(float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      x[i] *= y[i];
    }
  }

  private static void addProduct(float[] sum, float[] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] += x[i] * y[i];
    }
  }

  private static void project(
      float[] d, float[] normalised, float alongNormalised, float alongOnes, float factor, int n) {
    for (int i = 0; i < n; i++) {
      d[i] = (d[i] - normalised[i] * alongNormalised - alongOnes) * factor;
    }
  }
}
