package prior.train;

import java.util.OptionalLong;
import prior.conf.ValidationMetric;

/**
 * Follows a metric from validation to validation: which was best, and for how many nothing was
 * gained. A value that is no number gains nothing.
 */
public final class BestSoFar {
  private final ValidationMetric metric;
  private final double minDelta;
  private double best = Double.NaN;
  private double reference = Double.NaN;
  private long bestRound = -1;
  private int without;

  /**
   * @param minDelta what a value must gain over the last one that did for patience to begin anew
   */
  public BestSoFar(ValidationMetric metric, double minDelta) {
    this.metric = metric;
    this.minDelta = minDelta;
  }

  /** Takes in a round's value; whether it is the best so far. */
  public boolean add(long round, double value) {
    boolean better = beats(value, best, 0);
    if (better) {
      best = value;
      bestRound = round;
    }
    if (beats(value, reference, minDelta)) {
      reference = value;
      without = 0;
    } else {
      without++;
    }
    return better;
  }

  private boolean beats(double value, double other, double by) {
    return Double.isFinite(value) && (Double.isNaN(other) || metric.gain(value, other) > by);
  }

  /** The round of the best value; none before the first. */
  public OptionalLong round() {
    return bestRound < 0 ? OptionalLong.empty() : OptionalLong.of(bestRound);
  }

  /** The best value; NaN before the first. */
  public double value() {
    return best;
  }

  /** Validations since something was gained. */
  public int without() {
    return without;
  }
}
