package prior.infer;

import java.util.Locale;

/** What predictions are measured by, each a mean over pairs; in the order of the table. */
public enum Measure {
  COSINE_PREDICTED_IMAGE(
      Better.HIGHER, "cosine(predicted, own image)", "how near predictions come"),
  COSINE_MEAN_IMAGE(
      Better.NEITHER, "cosine(mean image, own image)", "what guessing the mean image scores"),
  COSINE_PREDICTED_TEXT(
      Better.NEITHER, "cosine(predicted, own text)", "should be near the baseline"),
  COSINE_TEXT_IMAGE(
      Better.NEITHER, "cosine(text, own image)", "the baseline: the gap of the data itself"),
  COSINE_DIFFERENCE(Better.NEITHER, "difference of the two", "near 0 is good"),
  COSINE_PREDICTED_UNRELATED_TEXT(Better.LOWER, "cosine(predicted, other text)", "should be low"),
  RECALL_AT_1(Better.HIGHER, "recall@1", "own image nearest of all evaluated"),
  RECALL_AT_5(Better.HIGHER, "recall@5", "own image among the nearest 5"),
  RECALL_AT_10(Better.HIGHER, "recall@10", "own image among the nearest 10"),
  DIVERSITY(
      Better.NEITHER, "diversity", "1 - cosine between samples of a text; cosines reward the mean");

  /** Which of two models' means is the better one. */
  enum Better {
    HIGHER,
    LOWER,
    /** A mean that is to be near another number, or that only explains the others. */
    NEITHER
  }

  private final Better better;
  private final String label;
  private final String meaning;

  Measure(Better better, String label, String meaning) {
    this.better = better;
    this.label = label;
    this.meaning = meaning;
  }

  /** Its name in files. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Which mean is better. */
  Better better() {
    return better;
  }

  /** Its name in tables. */
  String label() {
    return label;
  }

  /** How to read it. */
  String meaning() {
    return meaning;
  }
}
