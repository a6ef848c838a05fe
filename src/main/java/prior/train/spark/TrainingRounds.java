package prior.train.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.checkpoint.Progress;
import prior.conf.ConfLoader;
import prior.conf.DivergencePolicy;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.conf.TrainConf;
import prior.fault.ExitStatus;
import prior.fault.UserFault;
import prior.model.ImageScaling;
import prior.model.NetworkShape;
import prior.model.Optimization;
import prior.model.PriorGraph;
import prior.model.TrainingRule;
import prior.report.Report;
import prior.track.Tracking;
import prior.train.Draws;
import prior.train.EmaSchedule;
import prior.train.RoundPlan;
import prior.train.Timesteps;
import prior.train.TrainedColumns;
import prior.train.TrainingState;

/** The rounds of a run from a checkpoint on, with what is decided between them. */
final class TrainingRounds {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRounds.class);

  private final JavaSparkContext spark;
  private final ConfLoader.Loaded loaded;
  private final RunFolder folder;
  private final Rollbacks rollbacks;

  /** Those of the run, but for a learning rate that rollbacks have lowered. */
  private final Settings settings;

  /** What the run goes on from; the averaging alone holds it later. */
  private TrainingState first;

  /** Rounds done in the last checkpoint. */
  private long kept;

  TrainingRounds(JavaSparkContext spark, ConfLoader.Loaded loaded, RunFolder folder) {
    this.spark = spark;
    this.loaded = loaded;
    this.folder = folder;
    TrainConf train = loaded.settings().train();
    this.rollbacks = folder.rollbacks(train.divergence());
    this.settings =
        rollbacks.factor() == 1
            ? loaded.settings()
            : loaded.with(
                "train.lr=" + train.lr() * rollbacks.factor(),
                "train.lr_end=" + train.lrEnd() * rollbacks.factor());
  }

  /** How rounds end. */
  enum End {
    /** At the run's end, or before it where validation says so. */
    DONE,
    /** At a round that diverged; the run goes on from its last checkpoint. */
    ROLLED_BACK
  }

  /** Begins with a state, which the caller lets go of. */
  void from(TrainingState state) {
    first = state;
  }

  long parameters() {
    return first.parameters().length;
  }

  /**
   * Trains.
   *
   * @param also hears of every round
   */
  End train(
      RoundPlan plan, Judge judge, Consumer<AveragingMaster.RoundResult> also, Tracking tracking) {
    Broadcast<SerializableConfiguration> conf =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    Broadcast<ImageScaling> scaling =
        spark.broadcast(ImageScaling.of(settings.prior(), first.parameters()));
    try {
      RoundLog log =
          new RoundLog(
              settings,
              plan,
              folder.metrics(plan.firstRound()),
              tracking,
              plan.rowsBefore(plan.firstRound()));
      return train(plan, judge, log, master(guarded(log.andThen(also))), loader(scaling, conf));
    } finally {
      scaling.destroy();
      conf.destroy();
    }
  }

  private End train(
      RoundPlan plan, Judge judge, RoundLog log, AveragingMaster master, PairLoader loader) {
    SparkComputationGraph graph =
        new SparkComputationGraph(spark, PriorGraph.of(network()), master);
    master.startFrom(first);
    first = null;
    kept = plan.firstRound();
    for (long round = kept; round < plan.rounds() && !judge.ends(); round++) {
      log.start();
      try {
        master.train(graph, loader, round(plan, round));
      } catch (UserFault fault) {
        rollBack(round, fault);
        return End.ROLLED_BACK;
      }
      settle(plan, judge, progress(plan, master.state(), round + 1), master.state());
    }
    LOG.info("{}; {} pairs seen; run folder {}", ending(plan, judge), log.examples(), folder);
    return End.DONE;
  }

  /** Measures a round's state and keeps it, where it is time to or it is worth it. */
  private void settle(RoundPlan plan, Judge judge, Progress progress, TrainingState state) {
    Judge.Finding finding = judge.measure(progress, state, plan.rounds());
    boolean best = finding == Judge.Finding.BEST;
    long round = progress.round();
    boolean regular = round % settings.train().checkpointEveryRounds() == 0;
    if (best || regular || judge.ends() || round == plan.rounds()) {
      folder.publish(loaded, progress, state);
      kept = round;
    }
    if (best) {
      folder.best(round);
    }
    if (finding != Judge.Finding.UNMEASURED || kept == round) {
      Report.write(spark.hadoopConfiguration(), folder.toString());
    }
  }

  private String ending(RoundPlan plan, Judge judge) {
    return judge.ends()
        ? "stopped early after round %d of %d: %s; BEST is its checkpoint"
            .formatted(kept, plan.rounds(), judge.validations().exhaustion())
        : "trained %d rounds".formatted(plan.rounds());
  }

  /**
   * Notes that the run goes back.
   *
   * @throws UserFault the given one, where it does not
   */
  private void rollBack(long round, UserFault fault) {
    boolean back =
        settings.train().onDivergence() == DivergencePolicy.ROLLBACK
            && fault.status() == ExitStatus.DIVERGED
            && rollbacks.left();
    if (!back) {
      throw fault;
    }
    rollbacks.add(round + 1, kept, fault.getMessage());
    LOG.warn(
        "{}; back to the checkpoint of round {}, with the learning rate times {}",
        fault.getMessage(),
        kept,
        rollbacks.factor());
  }

  private Consumer<AveragingMaster.RoundResult> guarded(Consumer<AveragingMaster.RoundResult> log) {
    return switch (settings.train().onDivergence()) {
      case STOP, ROLLBACK -> log.andThen(folder.guard(settings.train().divergence()));
      case IGNORE -> log;
    };
  }

  private AveragingMaster master(Consumer<AveragingMaster.RoundResult> afterRound) {
    return new AveragingMaster(
        settings.spark().workers(),
        settings.spark().averagingFrequency(),
        settings.data().batchSize(),
        new AveragingMaster.Rules(
            settings.train().useEma() ? EmaSchedule.of(settings.train()) : null,
            settings.train().averageUpdater(),
            settings.train().onNonFinite()),
        afterRound);
  }

  private PairLoader loader(
      Broadcast<ImageScaling> scaling, Broadcast<SerializableConfiguration> conf) {
    return new PairLoader(
        settings.prior(),
        scaling,
        TrainedColumns.of(settings),
        draws(),
        settings.data().onBadShard(),
        conf);
  }

  private Progress progress(RoundPlan plan, TrainingState state, long rounds) {
    long rows = plan.rowsBefore(rounds);
    return new Progress(
        Progress.FORMAT,
        rounds,
        state.step(),
        rows / plan.rowsPerEpoch(),
        rows % plan.rowsPerEpoch() / settings.pairsOfStep(),
        rows,
        settings.train().randomSeed(),
        settings.spark().workers());
  }

  private static AveragingMaster.Rounds round(RoundPlan plan, long round) {
    List<String> texts = new ArrayList<>();
    plan.round(round).forEach(worker -> worker.forEach(batch -> texts.add(batch.text())));
    return new AveragingMaster.Rounds(round, List.of(texts), "of " + plan.rounds());
  }

  private ComputationGraphConfiguration network() {
    Optimization optimization = Optimization.of(settings.train());
    PriorConf prior = settings.prior();
    return PriorGraph.configuration(
        NetworkShape.of(prior),
        TrainingRule.of(prior, settings.train().randomSeed()),
        prior.lossType(),
        optimization.updater(),
        optimization.weightDecay());
  }

  private Draws.Rule draws() {
    PriorConf prior = settings.prior();
    return new Draws.Rule(
        settings.train().randomSeed(),
        Timesteps.of(prior, settings.train().timeSampling()),
        prior.imageDim(),
        prior.textDrop(),
        prior.imageDrop(),
        settings.train().noiseDrawsPerPair());
  }
}
