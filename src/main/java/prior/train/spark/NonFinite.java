package prior.train.spark;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.conf.NonFinitePolicy;
import prior.fault.UserFault;
import prior.train.LocalTrainer;

/**
 * Decides about rounds in which a worker met a loss, gradient or parameter that is not finite. Such
 * a worker hands over no state, so nothing of it is ever averaged.
 */
final class NonFinite {
  private static final Logger LOG = LoggerFactory.getLogger(NonFinite.class);
  private static final int MOST_ROUNDS_IN_A_ROW = 3;

  private final NonFinitePolicy policy;
  private int inARow;

  NonFinite(NonFinitePolicy policy) {
    this.policy = policy;
  }

  /**
   * Whether the round must be left out.
   *
   * @throws UserFault where the run must end
   */
  boolean leavesOut(long round, List<WorkerReport> reports) {
    List<WorkerReport> bad = reports.stream().filter(report -> !report.finite()).toList();
    if (bad.isEmpty()) {
      inARow = 0;
      return false;
    }
    String what = "round %d: %s".formatted(round + 1, described(bad, reports.size()));
    inARow++;
    boolean lost = policy == NonFinitePolicy.FAIL || inARow > MOST_ROUNDS_IN_A_ROW;
    if (lost || (policy == NonFinitePolicy.DROP && bad.size() == reports.size())) {
      throw UserFault.diverged("Cannot go on after " + what);
    }
    LOG.warn("{}; {} left out", what, policy == NonFinitePolicy.DROP ? "they are" : "it is");
    return policy == NonFinitePolicy.ROLLBACK;
  }

  private static String described(List<WorkerReport> bad, int workers) {
    WorkerReport first = bad.get(0);
    String found = "parameters that are not finite";
    for (int i = 0; i < first.steps().size(); i++) {
      LocalTrainer.Step step = first.steps().get(i);
      if (!step.finite()) {
        found =
            "loss %s and gradient norm %s in its step %d"
                .formatted(step.loss(), step.gradientNorm(), i + 1);
        break;
      }
    }
    return "expected a finite loss, found %d of %d workers without; worker %d: %s"
        .formatted(bad.size(), workers, first.worker(), found);
  }
}
