package prior.train.spark;

import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.conf.Settings;
import prior.model.Optimization;
import prior.progress.ProgressBar;
import prior.track.Tracking;
import prior.train.RoundPlan;

/** Follows the rounds of a run: measures, writes, says and hands on each. */
final class RoundLog implements Consumer<AveragingMaster.RoundResult> {
  private static final Logger LOG = LoggerFactory.getLogger(RoundLog.class);
  private static final double AVERAGING_BUDGET = 0.1;
  private static final int ROUNDS_TO_JUDGE = 5;

  private final Settings settings;
  private final RoundPlan plan;
  private final RunLines metrics;
  private final Tracking tracking;
  private final ProgressBar bar = ProgressBar.onTerminal();
  private long examples;
  private double spent;
  private double averaging;
  private int rounds;
  private long started = System.nanoTime();

  RoundLog(Settings settings, RoundPlan plan, RunLines metrics, Tracking tracking, long examples) {
    this.settings = settings;
    this.plan = plan;
    this.metrics = metrics;
    this.tracking = tracking;
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
    examples += round.rows();
    metrics.add(round.json());
    tracking.accept(round.measurement(System.currentTimeMillis()));
    rounds++;
    spent += seconds;
    averaging += round.averagingSeconds();
    double left = spent / rounds * (plan.rounds() - round.round());
    bar.erase();
    LOG.info(round.line(plan.rounds(), left));
    if (rounds == ROUNDS_TO_JUDGE) {
      sayWhereAveragingCostsTooMuch();
    }
    if (round.round() < plan.rounds()) {
      bar.draw(round.progress(plan.rounds(), left));
    }
    start();
  }

  private void sayWhereAveragingCostsTooMuch() {
    double share = averaging / spent;
    if (share > AVERAGING_BUDGET) {
      int now = settings.spark().averagingFrequency();
      long enough = Math.round(Math.ceil(now * share / AVERAGING_BUDGET));
      LOG.warn(
          String.format(
              Locale.ROOT,
              "averaging takes %.0f %% of a round: spark.averaging_frequency = %d (now %d) would"
                  + " bring it to about 10 %%",
              100 * share,
              enough,
              now));
    }
  }

  /** Pairs seen so far. */
  long examples() {
    return examples;
  }
}
