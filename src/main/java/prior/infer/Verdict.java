package prior.infer;

import java.util.Locale;

/** What an interval of the difference A - B of two models says. */
enum Verdict {
  A_IS_BETTER,
  B_IS_BETTER,
  /** Of a measure that knows no better. */
  A_IS_HIGHER,
  B_IS_HIGHER,
  /** The interval holds 0. */
  NOT_DISTINGUISHABLE,
  /** However pairs are drawn, the difference is 0. */
  THE_SAME;

  static Verdict of(Measure measure, Interval difference) {
    if (difference.low() == 0 && difference.high() == 0) {
      return THE_SAME;
    }
    if (difference.holds(0)) {
      return NOT_DISTINGUISHABLE;
    }
    boolean higher = difference.low() > 0;
    return switch (measure.better()) {
      case HIGHER -> higher ? A_IS_BETTER : B_IS_BETTER;
      case LOWER -> higher ? B_IS_BETTER : A_IS_BETTER;
      case NEITHER -> higher ? A_IS_HIGHER : B_IS_HIGHER;
    };
  }

  /** Its name in files. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Its words in tables. */
  String words() {
    return switch (this) {
      case A_IS_BETTER -> "A is better";
      case B_IS_BETTER -> "B is better";
      case A_IS_HIGHER -> "A is higher";
      case B_IS_HIGHER -> "B is higher";
      case NOT_DISTINGUISHABLE -> "not distinguishable from 0";
      case THE_SAME -> "the same";
    };
  }
}
