package prior.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;

/** FORMAT.md's rule for when two tensors are equal, and how near the nearest miss of a case was. */
final class Agreement {
  private static Miss largest = Miss.NONE;

  private Agreement() {}

  /** The difference that comes nearest to what is allowed. */
  private record Miss(String what, double difference, double allowed) {
    static final Miss NONE = new Miss("nothing", 0, 1);

    double share() {
      return difference / allowed;
    }
  }

  /** Forgets what was compared before. */
  static void restart() {
    largest = Miss.NONE;
  }

  /** The largest difference since {@link #restart}, in its share of what is allowed. */
  static String summary() {
    return String.format(
        Locale.ROOT,
        "largest difference %.2e of %.2e allowed (%.0f %%), in %s",
        largest.difference(),
        largest.allowed(),
        100 * largest.share(),
        largest.what());
  }

  /** |a-b| at most tolerance times the tensor's largest magnitude, plus 1e-7. */
  static void relative(String what, float[] actual, float[] expected, double tolerance) {
    double magnitude = 0;
    for (float value : expected) {
      magnitude = Math.max(magnitude, Math.abs(value));
    }
    absolute(what, actual, expected, tolerance * magnitude + 1e-7);
  }

  static void absolute(String what, float[] actual, float[] expected, double tolerance) {
    assertThat(actual).as("length of %s", what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      compare(what, i, actual[i], expected[i], tolerance);
    }
  }

  /** Each element within tolerance of its own magnitude; infinities must match. */
  static void elementwise(String what, float[] actual, float[] expected, double tolerance) {
    assertThat(actual).as("length of %s", what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      compare(what, i, actual[i], expected[i], tolerance * Math.abs(expected[i]) + 1e-30);
    }
  }

  private static void compare(String what, int i, float actual, float expected, double allowed) {
    if (actual == expected) {
      return;
    }
    double difference = Math.abs((double) actual - expected);
    if (!(difference <= allowed)) {
      throw new AssertionError(
          "%s[%d]: expected %s, found %s, differs by %.3g, allowed %.3g"
              .formatted(what, i, expected, actual, difference, allowed));
    }
    Miss miss = new Miss(what, difference, allowed);
    largest = miss.share() > largest.share() ? miss : largest;
  }
}
