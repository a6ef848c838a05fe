package prior.validate;

import java.util.List;
import prior.data.NamedRandom;

/**
 * The first two principal axes of some vectors, found by repeated multiplication with their
 * covariance: exact enough for a picture, and without a matrix of the vectors' width.
 */
final class PrincipalAxes {
  private static final int REPEATS = 50;

  private final double[] mean;
  private final double[][] axes = new double[2][];

  PrincipalAxes(List<float[]> vectors) {
    int dim = vectors.get(0).length;
    this.mean = new double[dim];
    for (float[] vector : vectors) {
      for (int i = 0; i < dim; i++) {
        mean[i] += vector[i] / (double) vectors.size();
      }
    }
    for (int axis = 0; axis < axes.length; axis++) {
      double[] found = unit(start(axis, dim));
      for (int i = 0; i < REPEATS; i++) {
        found = unit(withoutEarlier(axis, product(vectors, found)));
      }
      axes[axis] = found;
    }
  }

  private static double[] start(int axis, int dim) {
    NamedRandom random = NamedRandom.of(0, "principal axis", axis);
    double[] start = new double[dim];
    for (int i = 0; i < dim; i++) {
      start[i] = random.nextGaussian();
    }
    return start;
  }

  /** The covariance, but for a factor, times a vector. */
  private double[] product(List<float[]> vectors, double[] with) {
    double[] product = new double[with.length];
    for (float[] vector : vectors) {
      double along = along(vector, with);
      for (int i = 0; i < product.length; i++) {
        product[i] += along * (vector[i] - mean[i]);
      }
    }
    return product;
  }

  private double along(float[] vector, double[] axis) {
    double along = 0;
    for (int i = 0; i < axis.length; i++) {
      along += (vector[i] - mean[i]) * axis[i];
    }
    return along;
  }

  private double[] withoutEarlier(int axis, double[] vector) {
    for (int earlier = 0; earlier < axis; earlier++) {
      double along = 0;
      for (int i = 0; i < vector.length; i++) {
        along += vector[i] * axes[earlier][i];
      }
      for (int i = 0; i < vector.length; i++) {
        vector[i] -= along * axes[earlier][i];
      }
    }
    return vector;
  }

  private static double[] unit(double[] vector) {
    double square = 0;
    for (double value : vector) {
      square += value * value;
    }
    double length = Math.sqrt(square);
    for (int i = 0; i < vector.length && length > 0; i++) {
      vector[i] /= length;
    }
    return vector;
  }

  /** A vector's coordinates along the two. */
  double[] of(float[] vector) {
    return new double[] {along(vector, axes[0]), along(vector, axes[1])};
  }
}
