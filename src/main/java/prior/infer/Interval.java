package prior.infer;

/** Where a number lies with a probability of 95 %. */
public record Interval(double low, double high) {

  /** Whether a number lies in it. */
  boolean holds(double number) {
    return low <= number && number <= high;
  }
}
