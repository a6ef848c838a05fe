package prior.model;

import java.io.Serializable;
import prior.conf.LrSchedule;

/**
 * The learning rate of update k, counted from 0: {@code (end + (base - end) left(k)) min(1, (k + 1)
 * / warmupSteps)}. What is left falls from 1 at the first update to 0 at {@code decay.steps}, and
 * stays 0; that of the cosine rises again, as it does in the reference and in PyTorch.
 *
 * @param warmupSteps 0 for none
 */
public record LearningRate(double base, int warmupSteps, Decay decay) implements Serializable {

  /**
   * How a rate falls.
   *
   * @param steps until it is {@code end}, at least 1
   * @param power of the polynomial schedule
   */
  public record Decay(LrSchedule schedule, int steps, double end, double power)
      implements Serializable {
    /** It does not. */
    public static final Decay NONE = new Decay(LrSchedule.CONSTANT, 1, 0, 1);

    private double of(double base, long k) {
      double share = Math.min(1, (double) k / steps);
      return switch (schedule) {
        case CONSTANT -> base;
        case LINEAR -> end + (base - end) * (1 - share);
        case COSINE -> end + (base - end) * ((1 + Math.cos(Math.PI * k / steps)) / 2);
        case POLYNOMIAL -> end + (base - end) * Math.pow(1 - share, power);
      };
    }
  }

  /** A rate that neither rises nor falls. */
  public static LearningRate constant(double base) {
    return new LearningRate(base, 0, Decay.NONE);
  }

  /** The rate in force for update k. */
  public double at(long k) {
    double warmup = warmupSteps == 0 ? 1 : Math.min(1, (k + 1.0) / warmupSteps);
    return decay.of(base, k) * warmup;
  }
}
