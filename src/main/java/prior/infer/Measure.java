package prior.infer;

import java.util.Locale;

/** What predictions are measured by, each a mean over pairs; in the order of the table. */
public enum Measure {
  COSINE_PREDICTED_IMAGE("cosine(predicted, own image)", "how near predictions come"),
  COSINE_MEAN_IMAGE("cosine(mean image, own image)", "what guessing the mean image scores"),
  COSINE_PREDICTED_TEXT("cosine(predicted, own text)", "should be near the baseline"),
  COSINE_TEXT_IMAGE("cosine(text, own image)", "the baseline: the gap of the data itself"),
  COSINE_DIFFERENCE("difference of the two", "near 0 is good"),
  COSINE_PREDICTED_UNRELATED_TEXT("cosine(predicted, other text)", "should be low"),
  RECALL_AT_1("recall@1", "own image nearest of all evaluated"),
  RECALL_AT_5("recall@5", "own image among the nearest 5"),
  RECALL_AT_10("recall@10", "own image among the nearest 10"),
  DIVERSITY("diversity", "1 - cosine between samples of a text; cosines reward the mean");

  private final String label;
  private final String meaning;

  Measure(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** Its name in files. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
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
