package prior.data;

import java.io.Serializable;

/**
 * Sums over pairs; what is asked for is divided once, at the end. Merging in a fixed order gives
 * the same result to the last bit.
 */
public final class PairStatistics implements Serializable {
  private static final long serialVersionUID = 1;
  private static final double UNIT_TOLERANCE = 0.01;

  private final double[] textSum;
  private final double[] textSquares;
  private final double[] imageSum;
  private final double[] imageSquares;
  private long rows;
  private long cosineRows;
  private double cosines;
  private double textNorms;
  private double imageNorms;
  private boolean normalised = true;

  public PairStatistics(int textWidth, int imageWidth) {
    textSum = new double[textWidth];
    textSquares = new double[textWidth];
    imageSum = new double[imageWidth];
    imageSquares = new double[imageWidth];
  }

  /** Adds one pair, text (textWidth) and image (imageWidth). */
  public void add(float[] text, float[] image) {
    double textNorm = addSide(text, textSum, textSquares);
    double imageNorm = addSide(image, imageSum, imageSquares);
    rows++;
    textNorms += textNorm;
    imageNorms += imageNorm;
    normalised &= (text.length == 0 || unit(textNorm)) && unit(imageNorm);
    if (text.length == image.length) {
      cosineRows++;
      cosines += dot(text, image) / (textNorm * imageNorm);
    }
  }

  private static boolean unit(double norm) {
    return Math.abs(norm - 1) <= UNIT_TOLERANCE;
  }

  /** Adds all pairs of another sum of the same widths. */
  public void merge(PairStatistics other) {
    addAll(textSum, other.textSum);
    addAll(textSquares, other.textSquares);
    addAll(imageSum, other.imageSum);
    addAll(imageSquares, other.imageSquares);
    rows += other.rows;
    cosineRows += other.cosineRows;
    cosines += other.cosines;
    textNorms += other.textNorms;
    imageNorms += other.imageNorms;
    normalised &= other.normalised;
  }

  public long rows() {
    return rows;
  }

  /** Whether every vector has length 1, up to 0.01 (fp16 rounding stays below 0.001). */
  public boolean normalised() {
    return normalised;
  }

  /** NaN without text embeddings. */
  public double textNorm() {
    return textSum.length == 0 ? Double.NaN : textNorms / rows;
  }

  public double imageNorm() {
    return imageNorms / rows;
  }

  /** Mean cosine of text and image of a pair; NaN where they differ in width. */
  public double cosine() {
    return cosines / cosineRows;
  }

  public float[] textMean() {
    return mean(textSum);
  }

  public float[] textStd() {
    return std(textSum, textSquares);
  }

  public float[] imageMean() {
    return mean(imageSum);
  }

  /** Population standard deviation of each number. */
  public float[] imageStd() {
    return std(imageSum, imageSquares);
  }

  private static double addSide(float[] values, double[] sum, double[] squares) {
    double norm = 0;
    for (int i = 0; i < values.length; i++) {
      double square = (double) values[i] * values[i];
      sum[i] += values[i];
      squares[i] += square;
      norm += square;
    }
    return Math.sqrt(norm);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static void addAll(double[] into, double[] from) {
    for (int i = 0; i < into.length; i++) {
      into[i] += from[i];
    }
  }

  private float[] mean(double[] sum) {
    float[] mean = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      mean[i] = (float) (sum[i] / rows);
    }
    return mean;
  }

  private float[] std(double[] sum, double[] squares) {
    float[] std = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      double mean = sum[i] / rows;
      std[i] = (float) Math.sqrt(Math.max(0, squares[i] / rows - mean * mean));
    }
    return std;
  }
}
