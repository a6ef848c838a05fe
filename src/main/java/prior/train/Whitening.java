package prior.train;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.eigen.Eigen;
import org.nd4j.linalg.factory.Nd4j;
import prior.model.ImageScaling;

/**
 * Principal axes of a covariance, in which every coordinate is brought to deviation 1 (PCA
 * whitening).
 */
public final class Whitening {
  /** Axes with less than this share of the mean variance hold rounding errors and no image. */
  private static final double LEAST_SHARE = 1e-5;

  private Whitening() {}

  /**
   * The scaling that whitens.
   *
   * @param mean {@code [W]}
   * @param covariance symmetric, double {@code [W, W]}
   */
  public static ImageScaling of(float[] mean, INDArray covariance) {
    double least = LEAST_SHARE * Nd4j.diag(covariance).sumNumber().doubleValue() / mean.length;
    INDArray axes = covariance.dup('f');
    INDArray variances = Eigen.symmetricGeneralizedEigenvalues(axes, true);
    float[] deviation = new float[mean.length];
    for (int i = 0; i < deviation.length; i++) {
      deviation[i] = (float) Math.sqrt(Math.max(variances.getDouble(i), least));
    }
    return ImageScaling.measured(mean, deviation, axes.dup('c').data().asFloat());
  }
}
