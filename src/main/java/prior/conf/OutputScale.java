package prior.conf;

import java.util.Locale;

/** The length of predicted embeddings. */
public enum OutputScale {
  /** Length 1. */
  UNIT,
  /** As sampled, divided by the scale (or taken out of the mean and deviation) of training. */
  AS_TRAINED,
  /** As CLIP gives image embeddings before they are normalised. */
  RAW_WITH_STATS;

  /** As in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
