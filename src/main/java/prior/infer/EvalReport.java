package prior.infer;

import java.util.Locale;

/**
 * The measures of {@link Evaluation}; cosines are means over rows, and those with texts NaN where
 * texts have another width than images.
 *
 * @param baseline cosine(text, image)
 * @param withText cosine(text, predicted)
 * @param withImage cosine(image, predicted)
 * @param withUnrelated cosine(another row's text, predicted)
 * @param difference withText - baseline
 * @param meanImage cosine(mean training image, image)
 * @param recallAt1 share of rows whose own image is nearest to the prediction, ties against us
 */
public record EvalReport(
    int rows,
    double baseline,
    double withText,
    double withImage,
    double withUnrelated,
    double difference,
    double meanImage,
    double recallAt1,
    double recallAt5,
    double recallAt10) {

  /** The table for the console. */
  public String table() {
    StringBuilder table = new StringBuilder();
    table.append(String.format(Locale.ROOT, "%,d pairs%n", rows));
    line(table, "cosine(predicted, own image)", withImage, "how near predictions come");
    line(table, "cosine(mean image, own image)", meanImage, "what guessing the mean image scores");
    if (Double.isNaN(baseline)) {
      table.append("  texts cannot be compared with images: their embeddings have another width");
      table.append(System.lineSeparator());
    }
    line(table, "cosine(predicted, own text)", withText, "should be near the baseline");
    line(table, "cosine(text, own image)", baseline, "the baseline: the gap of the data itself");
    line(table, "difference of the two", difference, "near 0 is good");
    line(table, "cosine(predicted, other text)", withUnrelated, "should be low");
    line(table, "recall@1", recallAt1, "own image nearest of all evaluated");
    line(table, "recall@5", recallAt5, "own image among the nearest 5");
    line(table, "recall@10", recallAt10, "own image among the nearest 10");
    return table.toString();
  }

  private static void line(StringBuilder table, String name, double value, String meaning) {
    if (!Double.isNaN(value)) {
      table.append(String.format(Locale.ROOT, "  %-30s %8.4f   %s%n", name, value, meaning));
    }
  }

  /** The same as one JSON object. */
  public String json() {
    return String.format(
        Locale.ROOT,
        """
        {
          "rows": %d,
          "cosine_text_image": %s,
          "cosine_predicted_text": %s,
          "cosine_predicted_image": %s,
          "cosine_predicted_unrelated_text": %s,
          "cosine_difference": %s,
          "cosine_mean_image": %s,
          "recall_at_1": %s,
          "recall_at_5": %s,
          "recall_at_10": %s
        }
        """,
        rows,
        number(baseline),
        number(withText),
        withImage,
        number(withUnrelated),
        number(difference),
        meanImage,
        recallAt1,
        recallAt5,
        recallAt10);
  }

  /** JSON has no NaN. */
  private static Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
