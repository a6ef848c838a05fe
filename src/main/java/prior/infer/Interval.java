package prior.infer;

/** A 95 % confidence interval of a mean. */
public record Interval(double low, double high) {

  /** Whether a number lies in it. */
  boolean holds(double number) {
    return low <= number && number <= high;
  }
}
