package prior.conf;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with one record's values, so that all of it is told at once. */
final class Check {
  private final List<String> problems = new ArrayList<>();

  /** A number's bounds, both allowed; a null passes. */
  Check within(String key, Number value, double least, double most) {
    if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
      problems.add(
          key + " must be within " + text(least) + ".." + text(most) + " but was " + value);
    }
    return this;
  }

  /** A number's lower bound, allowed; a null passes. */
  Check atLeast(String key, Number value, double least) {
    if (value != null && !(value.doubleValue() >= least)) {
      problems.add(key + " must be at least " + text(least) + " but was " + value);
    }
    return this;
  }

  /** A number's lower bound, not allowed itself. */
  Check above(String key, Number value, double bound) {
    if (value != null && !(value.doubleValue() > bound)) {
      problems.add(key + " must be above " + text(bound) + " but was " + value);
    }
    return this;
  }

  /** Any other rule. */
  Check that(boolean holds, String rule) {
    if (!holds) {
      problems.add(rule);
    }
    return this;
  }

  private static String text(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /** Ends the check. */
  void done() {
    if (!problems.isEmpty()) {
      throw new InvalidSettings(problems);
    }
  }
}
