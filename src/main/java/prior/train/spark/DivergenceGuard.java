package prior.train.spark;

import java.util.List;
import java.util.function.Consumer;
import prior.data.spark.Json;
import prior.fault.UserFault;
import prior.train.Leaps;

/** Ends rounds whose loss or gradient norm leaps away from the rounds before. */
final class DivergenceGuard implements Consumer<AveragingMaster.RoundResult> {
  private final Leaps leaps;

  /**
   * @param before lines of {@code metrics.jsonl} of the rounds before
   */
  DivergenceGuard(Leaps leaps, List<String> before) {
    this.leaps = leaps;
    before.forEach(line -> leaps.add(Json.number(line, "/loss"), Json.number(line, "/grad_norm")));
  }

  @Override
  public void accept(AveragingMaster.RoundResult result) {
    RoundMetrics round = RoundMetrics.of(result, 0, 0, 1);
    String leap = leaps.add(round.loss(), round.gradientNorm());
    if (!leap.isEmpty()) {
      throw UserFault.diverged("Cannot go on after round %d: %s".formatted(round.round(), leap));
    }
  }
}
