package prior.train.spark;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.conf.Settings;
import prior.fault.UserFault;
import prior.model.Optimization;
import prior.train.RoundPlan;

/** Follows the rounds of a run: measures, writes and says each, and stops what is not finite. */
final class RoundLog implements Consumer<AveragingMaster.RoundResult> {
  private static final Logger LOG = LoggerFactory.getLogger(RoundLog.class);

  private final Settings settings;
  private final RoundPlan plan;
  private final MetricsLog metrics;
  private long examples;
  private long started = System.nanoTime();

  RoundLog(Settings settings, RoundPlan plan, MetricsLog metrics, long examples) {
    this.settings = settings;
    this.plan = plan;
    this.metrics = metrics;
    this.examples = examples;
  }

  /** Starts the clock of the next round. */
  void start() {
    started = System.nanoTime();
  }

  @Override
  public void accept(AveragingMaster.RoundResult result) {
    double seconds = (System.nanoTime() - started) / 1e9;
    long last = result.state().step() - 1;
    double rate = Optimization.of(settings.train()).learningRate().at(last);
    RoundMetrics round = RoundMetrics.of(result, plan.epochOf(result.round()), rate, seconds);
    if (!Double.isFinite(round.loss()) || !Double.isFinite(round.gradientNorm())) {
      throw UserFault.diverged(
          "Cannot go on after round %d: expected a finite loss, found loss %s and gradient norm %s"
              .formatted(round.round(), round.loss(), round.gradientNorm()));
    }
    examples += round.rows();
    metrics.add(round);
    metrics.write();
    LOG.info(round.sentence(plan.rounds()));
    start();
  }

  /** Pairs seen so far. */
  long examples() {
    return examples;
  }
}
