package prior.infer;

import java.util.List;

/**
 * How good predictions are: the five cosines of the reference's trainer, and what tells learning
 * from guessing: the cosine of the mean image, the retrieval of each row's own image, and how much
 * samples of one text differ.
 */
public final class Evaluation {
  private Evaluation() {}

  /**
   * A pair with its prediction; a text of another width than the images', or of none, is not
   * compared with them.
   *
   * @param key orders rows, so that the same pairs give the same numbers
   * @param apart 1 - mean cosine between two samples of the text; NaN where there is one
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Row(String key, float[] text, float[] image, float[] predicted, double apart) {

    /** Of a text with one sample. */
    public Row(String key, float[] text, float[] image, float[] predicted) {
      this(key, text, image, predicted, Double.NaN);
    }

    /**
     * Of a text with several samples.
     *
     * @param samples {@code [k, D]}
     * @param candidates of how many, from the first on, the best is the prediction
     */
    public static Row of(
        String key, float[] text, float[] image, float[][] samples, int candidates) {
      float[] best = samples[candidates == 1 ? 0 : BestOfN.choose(samples, text, candidates)];
      return new Row(key, text, image, best, apart(samples));
    }

    private static double apart(float[][] samples) {
      double sum = 0;
      int pairs = 0;
      for (int i = 0; i < samples.length; i++) {
        for (int j = 0; j < i; j++) {
          sum += 1 - Cosine.of(samples[i], samples[j]);
          pairs++;
        }
      }
      return sum / pairs;
    }
  }

  /**
   * Measures predictions, pair by pair.
   *
   * @param rows at least two
   * @param meanImage the mean image embedding of the training pairs
   */
  public static PairMeasures measure(List<Row> rows, float[] meanImage) {
    return PairMeasures.of(rows, meanImage);
  }

  /** The means of the same. */
  public static EvalReport of(List<Row> rows, float[] meanImage) {
    return measure(rows, meanImage).report();
  }

  /** The mean of the rows' own images, where that of the training pairs is not known. */
  public static float[] meanImage(List<Row> rows) {
    float[] mean = new float[rows.get(0).image().length];
    for (Row row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row.image()[i] / rows.size();
      }
    }
    return mean;
  }
}
