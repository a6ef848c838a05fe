package prior.train;

import java.io.Serializable;
import prior.conf.EmaRule;
import prior.conf.TrainConf;

/**
 * How much of the moving average stays at update k, counted from 0: 1 leaves it, 0 copies the
 * parameters, anything between averages.
 *
 * <p>Averaging keeps {@code d = min(beta, 1 - (1 + e)^(-2/3))} with {@code e = k -
 * updateAfterStep}.
 *
 * @param rule whose releases of the reference's averaging package to follow
 */
public record EmaSchedule(EmaRule rule, double beta, int updateAfterStep, int updateEvery)
    implements Serializable {

  /** The schedule a training configuration describes. */
  public static EmaSchedule of(TrainConf train) {
    return new EmaSchedule(
        train.emaRule(), train.emaBeta(), train.emaUpdateAfterStep(), train.emaUpdateEvery());
  }

  /** The share of the old average that stays. */
  public double kept(long k) {
    if (k % updateEvery != 0) {
      return 1;
    }
    if (k <= updateAfterStep || isFirstCopy(k)) {
      return 0;
    }
    double e = k - updateAfterStep;
    return Math.min(beta, 1 - Math.pow(1 + e, -2.0 / 3));
  }

  /**
   * Rule A copies once more, at the first update after the waiting time; rule B at the very first.
   */
  private boolean isFirstCopy(long k) {
    return switch (rule) {
      case A -> k - updateEvery <= updateAfterStep;
      case B -> k == 0;
    };
  }
}
