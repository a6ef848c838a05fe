package prior.train.spark;

import java.util.Optional;
import prior.checkpoint.Progress;
import prior.conf.ValidationConf;
import prior.track.Measurement;
import prior.track.Tracking;
import prior.train.TrainingState;
import prior.train.Validation;

/**
 * Says between rounds how good the weights are, and what follows: a checkpoint that becomes the
 * best, or the run's end. Without held-out pairs it says nothing.
 */
final class Judge {
  private final Optional<Validator> validator;
  private final ValidationConf conf;
  private final Validations validations;
  private final Tracking tracking;
  private long minutesFrom = System.nanoTime();

  /**
   * @param validator none for no validation
   * @param tracking gets what is measured
   */
  Judge(
      Optional<Validator> validator,
      ValidationConf conf,
      Validations validations,
      Tracking tracking) {
    this.validator = validator;
    this.conf = conf;
    this.validations = validations;
    this.tracking = tracking;
  }

  /** What is found of a state. */
  enum Finding {
    UNMEASURED,
    MEASURED,
    /** Better than all before. */
    BEST
  }

  /**
   * Measures a state where it is time to.
   *
   * @param rounds of the run
   */
  Finding measure(Progress progress, TrainingState state, long rounds) {
    if (validator.isEmpty() || !due(progress.round(), rounds)) {
      return Finding.UNMEASURED;
    }
    Validation validation = validator.get().measure(state.parameters(), state.ema());
    boolean best = validations.add(progress, validation);
    tracking.accept(
        new Measurement(
            progress.round(), progress.step(), System.currentTimeMillis(), validation.numbers()));
    minutesFrom = System.nanoTime();
    return best ? Finding.BEST : Finding.MEASURED;
  }

  private boolean due(long round, long rounds) {
    boolean byRounds = conf.everyRounds() != null && round % conf.everyRounds() == 0;
    double minutes = (System.nanoTime() - minutesFrom) / 60e9;
    boolean byMinutes = conf.everyMinutes() != null && minutes >= conf.everyMinutes();
    return byRounds || byMinutes || round == rounds;
  }

  /** Whether the run is at its end before its last round. */
  boolean ends() {
    return validator.isPresent() && validations.exhausted();
  }

  /** Where the validations lie. */
  Validations validations() {
    return validations;
  }
}
