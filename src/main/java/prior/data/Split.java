package prior.data;

import java.util.Locale;

/** The part of a data set that a pair belongs to; a function of its key alone. */
public enum Split {
  TRAIN,
  VAL,
  TEST;

  private static final double UNIT = 0x1.0p-53;

  /**
   * The split of a key. With u in [0, 1) from the upper 53 bits of {@link KeyHash#of}: VAL where u
   * < valFraction, TEST in the next testFraction, TRAIN in the rest. Rows that share a key share
   * the split, in every run and whatever the seed.
   */
  public static Split of(String key, double valFraction, double testFraction) {
    double u = (KeyHash.of(key) >>> 11) * UNIT;
    if (u < valFraction) {
      return VAL;
    }
    return u < valFraction + testFraction ? TEST : TRAIN;
  }

  /** The folder of this split in prepared data: train, val or test. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
