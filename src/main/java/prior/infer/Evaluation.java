package prior.infer;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How good predictions are: the five cosines of the reference's trainer, and what tells learning
 * from guessing, the cosine of the mean image and the retrieval of each row's own image.
 */
public final class Evaluation {
  private Evaluation() {}

  /**
   * A pair with its prediction; a text of another width than the images', or of none, is not
   * compared with them.
   *
   * @param key orders rows, so that the same pairs give the same numbers
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Row(String key, float[] text, float[] image, float[] predicted) {}

  /**
   * Measures predictions; the unrelated text of a row is its predecessor's, the first row's the
   * last one's, as the reference rolls them.
   *
   * @param rows at least two
   * @param meanImage the mean image embedding of the training pairs
   */
  public static EvalReport of(List<Row> rows, float[] meanImage) {
    EvalSums sums = new EvalSums();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      float[] unrelated = rows.get((i + rows.size() - 1) % rows.size()).text();
      sums.add(row.text(), row.image(), row.predicted(), unrelated, meanImage);
    }
    int[] ranks = ranks(rows);
    return new EvalReport(
        rows.size(),
        sums.baseline(),
        sums.withText(),
        sums.withImage(),
        sums.withUnrelated(),
        sums.withText() - sums.baseline(),
        sums.meanImage(),
        recall(ranks, 1),
        recall(ranks, 5),
        recall(ranks, 10));
  }

  /** How many images are at least as near to each prediction as its own, itself included. */
  private static int[] ranks(List<Row> rows) {
    return IntStream.range(0, rows.size()).parallel().map(i -> rank(rows, i)).toArray();
  }

  private static int rank(List<Row> rows, int own) {
    float[] predicted = rows.get(own).predicted();
    double wanted = Cosine.of(rows.get(own).image(), predicted);
    int rank = 0;
    for (Row row : rows) {
      rank += Cosine.of(row.image(), predicted) >= wanted ? 1 : 0;
    }
    return rank;
  }

  private static double recall(int[] ranks, int k) {
    return IntStream.of(ranks).filter(rank -> rank <= k).count() / (double) ranks.length;
  }
}
