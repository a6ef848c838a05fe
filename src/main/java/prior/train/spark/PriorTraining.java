package prior.train.spark;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.checkpoint.Description;
import prior.conf.ConfLoader;
import prior.conf.Settings;
import prior.data.WorkUnit;
import prior.data.spark.PairMetadata;
import prior.data.spark.PairShards;
import prior.data.spark.ParquetPairs;
import prior.data.spark.PreparedFolder;
import prior.data.spark.SparkFailure;
import prior.fault.UserFault;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;
import prior.report.Report;
import prior.track.Tracking;
import prior.train.InitialWeights;
import prior.train.RoundPlan;
import prior.train.StateShape;
import prior.train.Trainability;
import prior.train.TrainedColumns;
import prior.train.TrainingState;

/**
 * The work of {@code PriorTrainJob}: rounds of parameter averaging from planned row groups, with
 * metrics after each and a checkpoint every few. Started again, it goes on from the last checkpoint
 * and ends with the same bytes as if it had never stopped.
 */
public final class PriorTraining {
  private static final Logger LOG = LoggerFactory.getLogger(PriorTraining.class);

  private final JavaSparkContext spark;
  private final ConfLoader.Loaded loaded;
  private final Settings settings;
  private final RunFolder folder;
  private final Configuration hadoop;

  private PriorTraining(JavaSparkContext spark, ConfLoader.Loaded loaded, RunFolder folder) {
    this.spark = spark;
    this.loaded = loaded;
    this.settings = loaded.settings();
    this.folder = folder;
    this.hadoop = spark.hadoopConfiguration();
  }

  /**
   * Trains to the end, from wherever the run folder is.
   *
   * @throws UserFault where settings or data cannot be trained on, or training left the finite
   *     numbers; the last checkpoint stays
   */
  public static void run(
      JavaSparkContext spark, ConfLoader.Loaded loaded, String run, RunFolder.Mode mode) {
    run(spark, loaded, run, mode, Optional.empty());
  }

  /**
   * The same with validation on {@code data.val} and a test on {@code data.test}, where these are
   * given. Where validation ends the run early, the best checkpoint is the one to take.
   *
   * @param measuring how held-out pairs are measured
   */
  public static void run(
      JavaSparkContext spark,
      ConfLoader.Loaded loaded,
      String run,
      RunFolder.Mode mode,
      Optional<Validator.Opening> measuring) {
    Settings settings = loaded.settings();
    Trainability.check(settings);
    try (RunFolder folder =
        RunFolder.open(spark.hadoopConfiguration(), run, mode, settings.train().keepLast())) {
      new PriorTraining(spark, AttributeSettings.settle(spark, loaded, folder.prior()), folder)
          .run(measuring);
    } catch (Exception e) { // Scala throws checked ones unannounced
      throw SparkFailure.cause(e);
    }
  }

  /** What a run would do, in one sentence; nothing is written. */
  public static String plan(JavaSparkContext spark, ConfLoader.Loaded loaded) {
    Trainability.check(loaded.settings());
    PriorTraining training =
        new PriorTraining(spark, AttributeSettings.settle(spark, loaded, Optional.empty()), null);
    training.checkResources();
    List<WorkUnit> units = training.shards().units();
    RoundPlan plan = training.plan(units, RoundPlan.Start.FRESH);
    Settings settings = loaded.settings();
    return "would train on %,d pairs in %,d row groups: %,d rounds of %d workers, steps of %d pairs"
        .formatted(
            units.stream().mapToLong(WorkUnit::rows).sum(),
            rowGroups(units),
            plan.rounds(),
            settings.spark().workers(),
            settings.pairsOfStep());
  }

  private PairShards shards() {
    String data = settings.data().train();
    return switch (settings.data().onBadShard()) {
      case FAIL ->
          new PairShards(ParquetPairs.plan(hadoop, data, TrainedColumns.of(settings)), List.of());
      case SKIP -> ParquetPairs.planSound(hadoop, data, TrainedColumns.of(settings));
    };
  }

  /** Slices of one count once. */
  private static long rowGroups(List<WorkUnit> units) {
    return units.stream().filter(unit -> unit.from() == 0).count();
  }

  /** What the first file says, and of the mean length, where there are any, the statistics. */
  private Map<String, String> dataFacts(String file) {
    Map<String, String> facts = new HashMap<>(ParquetPairs.metadata(hadoop, file));
    PreparedFolder.fact(hadoop, settings.data().train(), "mean_image_norm")
        .ifPresent(mean -> facts.put(PairMetadata.MEAN_IMAGE_NORM, mean));
    return facts;
  }

  private void run(Optional<Validator.Opening> measuring) {
    PairShards shards = shards();
    checkResources();
    Optional<Validator> validator =
        measuring.flatMap(m -> open(m, settings.data().val(), settings.validation().maxPairs()));
    try {
      while (attempt(shards, validator) == TrainingRounds.End.ROLLED_BACK) {
        folder.reread();
      }
    } finally {
      validator.ifPresent(Validator::close);
    }
    measuring.ifPresent(this::test);
  }

  private Optional<Validator> open(Validator.Opening measuring, String data, int most) {
    if (data == null) {
      LOG.info("no validation: data.val is null");
      return Optional.empty();
    }
    return Optional.of(measuring.open(spark, loaded, new Validator.Pairs(data, most)));
  }

  private TrainingRounds.End attempt(PairShards shards, Optional<Validator> validator) {
    List<WorkUnit> units = shards.units();
    TrainingRounds rounds = new TrainingRounds(spark, loaded, folder);
    rounds.from(folder.resume(loaded).orElseGet(() -> fresh(units)));
    RoundPlan.Start start = folder.start();
    RoundPlan plan = plan(units, start);
    folder.begin(loaded, dataFacts(units.get(0).file()));
    SkippedShards skipped =
        folder.skipped(settings.data().maxBadShards(), start.round()).planned(shards.bad());
    LOG.info(
        "training {} parameters on {} pairs in {} row groups: {} rounds of {} workers, {} done",
        rounds.parameters(),
        units.stream().mapToLong(WorkUnit::rows).sum(),
        rowGroups(units),
        plan.rounds(),
        settings.spark().workers(),
        start.round());
    try (Tracking tracking = folder.tracking(loaded)) {
      Judge judge = folder.judge(validator, settings.validation(), tracking);
      TrainingRounds.End end = rounds.train(plan, judge, skipped, tracking);
      if (end == TrainingRounds.End.DONE) {
        tracking.finished();
      }
      return end;
    }
  }

  private void test(Validator.Opening measuring) {
    String data = settings.data().test();
    if (data == null) {
      return;
    }
    Description found = folder.toTest();
    String checkpoint = found.folder().name();
    if (folder.tested(checkpoint)) {
      return;
    }
    Validator.Pairs pairs = new Validator.Pairs(data, settings.eval().maxRows());
    try (Validator validator = measuring.open(spark, loaded, pairs)) {
      TrainingState weights = RunFolder.weights(found, settings.prior());
      folder.test(FinalTest.of(checkpoint, validator, weights));
      Report.write(hadoop, folder.toString());
    }
  }

  private void checkResources() {
    long parameters = ParameterLayout.of(NetworkShape.of(settings.prior())).length();
    checkDriver(parameters);
    int workers = settings.spark().workers();
    int threads = spark.getConf().getInt("spark.task.cpus", 1);
    try {
      ClusterGives gives = ClusterGives.of(spark.sc(), workers);
      Preflight.of(workers, parameters, threads, settings.train().useEma()).check(gives);
      boolean atOnce =
          gives.slots() >= workers
              && !spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
      DeviceTable.ask(spark, workers, settings.spark().device(), atOnce).log(gives.slots());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UserFault.resources("Cannot train: interrupted while executors registered");
    }
  }

  private void checkDriver(long parameters) {
    DriverBudget budget =
        new DriverBudget(
            new StateShape(parameters, settings.train().useEma()),
            settings.spark().workers(),
            settings.train().averageUpdater());
    DriverBudget.Limits limits =
        new DriverBudget.Limits(
            spark.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g"),
            Runtime.getRuntime().maxMemory());
    budget.check(limits);
    LOG.info(budget.line(limits));
  }

  private RoundPlan plan(List<WorkUnit> units, RoundPlan.Start start) {
    return new RoundPlan(
        units,
        new RoundPlan.Settings(
            settings.spark().workers(),
            settings.spark().averagingFrequency(),
            settings.pairsOfStep(),
            settings.train().randomSeed(),
            settings.train().epochs(),
            settings.train().maxSteps()),
        start);
  }

  private TrainingState fresh(List<WorkUnit> units) {
    ParameterLayout layout = ParameterLayout.of(NetworkShape.of(settings.prior()));
    String from = settings.train().initFrom();
    float[] weights =
        from == null
            ? initial(layout, units)
            : StartingPoint.at(from, hadoop).weights(settings.prior());
    return TrainingState.fresh(weights, settings.train().useEma());
  }

  private float[] initial(ParameterLayout layout, List<WorkUnit> units) {
    float[] weights = InitialWeights.of(layout, settings.train().randomSeed());
    switch (settings.prior().family()) {
      case DALLE2 ->
          MeasuredImages.of(spark, settings, units)
              .ifPresent(scaling -> scaling.put(layout, weights));
      case UNCLIP -> fillStatistics(layout, weights);
    }
    return weights;
  }

  /** Mean and deviation of image embeddings, where the data's preparation measured them. */
  private void fillStatistics(ParameterLayout layout, float[] weights) {
    String data = settings.data().train();
    float[] deviation = new float[settings.prior().imageDim()];
    Arrays.fill(deviation, 1 / settings.prior().scale());
    layout.put(weights, "clip_std", PreparedFolder.imageDeviation(hadoop, data).orElse(deviation));
    PreparedFolder.meanImage(hadoop, data)
        .ifPresent(mean -> layout.put(weights, "clip_mean", mean));
  }
}
