package prior.conf;

import java.util.Locale;

/** The number that says which of two models is better. */
public enum ValidationMetric {
  COSINE_PREDICTED_IMAGE,
  RECALL_AT_1,
  RECALL_AT_5,
  RECALL_AT_10,
  LOSS,
  SQUARED_ERROR;

  /** Whether it is measured on samples. */
  public boolean ofSamples() {
    return switch (this) {
      case COSINE_PREDICTED_IMAGE, RECALL_AT_1, RECALL_AT_5, RECALL_AT_10 -> true;
      case LOSS, SQUARED_ERROR -> false;
    };
  }

  /** Its name in the files of a run. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How much better one value is than another; below 0 where it is worse. */
  public double gain(double value, double over) {
    return ofSamples() ? value - over : over - value;
  }
}
