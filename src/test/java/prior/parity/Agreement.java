package prior.parity;

import static org.assertj.core.api.Assertions.assertThat;

/** FORMAT.md's rule for when two tensors are equal. */
final class Agreement {
  private Agreement() {}

  /** |a-b| at most tolerance times the tensor's largest magnitude, plus 1e-7. */
  static void relative(String what, float[] actual, float[] expected, double tolerance) {
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    absolute(what, actual, expected, tolerance * largest + 1e-7);
  }

  static void absolute(String what, float[] actual, float[] expected, double tolerance) {
    assertThat(actual).as("length of %s", what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      if (!(difference <= tolerance)) {
        throw new AssertionError(
            "%s[%d]: expected %s, found %s, differs by %.3g, allowed %.3g"
                .formatted(what, i, expected[i], actual[i], difference, tolerance));
      }
    }
  }

  /** Each element within tolerance of its own magnitude; infinities must match. */
  static void elementwise(String what, float[] actual, float[] expected, double tolerance) {
    assertThat(actual).as("length of %s", what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      boolean same = actual[i] == expected[i];
      if (!same && !(difference <= tolerance * Math.abs(expected[i]) + 1e-30)) {
        throw new AssertionError(
            "%s[%d]: expected %s, found %s".formatted(what, i, expected[i], actual[i]));
      }
    }
  }
}
