package prior.train.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.checkpoint.Progress;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.data.WorkUnit;
import prior.data.spark.PairMetadata;
import prior.data.spark.PairShards;
import prior.data.spark.ParquetPairs;
import prior.data.spark.PreparedFolder;
import prior.data.spark.SparkFailure;
import prior.fault.UserFault;
import prior.model.ImageScaling;
import prior.model.NetworkShape;
import prior.model.Optimization;
import prior.model.ParameterLayout;
import prior.model.PriorGraph;
import prior.model.TrainingRule;
import prior.report.Report;
import prior.train.Draws;
import prior.train.EmaSchedule;
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

  /** What the run goes on from; the averaging alone holds it later. */
  private TrainingState first;

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
    Trainability.check(loaded.settings());
    try (RunFolder folder = RunFolder.open(spark.hadoopConfiguration(), run, mode)) {
      new PriorTraining(spark, AttributeSettings.settle(spark, loaded, folder.prior()), folder)
          .run();
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
    return "would train on %,d pairs in %,d row groups: %,d rounds of %d workers, batches of %d"
        .formatted(
            units.stream().mapToLong(WorkUnit::rows).sum(),
            rowGroups(units),
            plan.rounds(),
            settings.spark().workers(),
            settings.data().batchSize());
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

  private void run() {
    PairShards shards = shards();
    List<WorkUnit> units = shards.units();
    checkResources();
    first = folder.resume(loaded).orElseGet(() -> fresh(units));
    RoundPlan.Start start = folder.start();
    RoundPlan plan = plan(units, start);
    folder.begin(loaded, dataFacts(units.get(0).file()));
    SkippedShards skipped =
        folder.skipped(settings.data().maxBadShards(), start.round()).planned(shards.bad());
    LOG.info(
        "training {} parameters on {} pairs in {} row groups: {} rounds of {} workers, {} done",
        first.parameters().length,
        units.stream().mapToLong(WorkUnit::rows).sum(),
        rowGroups(units),
        plan.rounds(),
        settings.spark().workers(),
        start.round());
    train(plan, start, skipped);
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

  private void train(RoundPlan plan, RoundPlan.Start start, SkippedShards skipped) {
    RoundLog log = new RoundLog(settings, plan, folder.metrics(start.round()), start.rows());
    AveragingMaster master =
        new AveragingMaster(
            settings.spark().workers(),
            settings.spark().averagingFrequency(),
            settings.data().batchSize(),
            new AveragingMaster.Rules(
                settings.train().useEma() ? EmaSchedule.of(settings.train()) : null,
                settings.train().averageUpdater(),
                settings.train().onNonFinite()),
            log.andThen(skipped));
    SparkComputationGraph graph =
        new SparkComputationGraph(spark, PriorGraph.of(network()), master);
    Broadcast<SerializableConfiguration> conf =
        spark.broadcast(new SerializableConfiguration(hadoop));
    Broadcast<ImageScaling> scaling =
        spark.broadcast(ImageScaling.of(settings.prior(), first.parameters()));
    PairLoader loader =
        new PairLoader(
            settings.prior(),
            scaling,
            TrainedColumns.of(settings),
            draws(),
            settings.data().onBadShard(),
            conf);
    master.startFrom(first);
    first = null;
    for (long round = start.round(); round < plan.rounds(); round += window(plan, round)) {
      log.start();
      master.train(graph, loader, rounds(plan, round));
      Progress progress = progress(plan, master.state(), round + window(plan, round));
      folder.publish(loaded, progress, master.state());
      Report.write(hadoop, folder.toString());
    }
    scaling.destroy();
    conf.destroy();
    LOG.info(
        "trained {} rounds, {} pairs seen; run folder {}", plan.rounds(), log.examples(), folder);
  }

  private Progress progress(RoundPlan plan, TrainingState state, long rounds) {
    long rows = plan.rowsBefore(rounds);
    return new Progress(
        Progress.FORMAT,
        rounds,
        state.step(),
        rows / plan.rowsPerEpoch(),
        rows % plan.rowsPerEpoch() / settings.data().batchSize(),
        rows,
        settings.train().randomSeed(),
        settings.spark().workers());
  }

  /** Rounds up to the next checkpoint. */
  private int window(RoundPlan plan, long round) {
    int every = settings.train().checkpointEveryRounds();
    return (int) Math.min(every - round % every, plan.rounds() - round);
  }

  private AveragingMaster.Rounds rounds(RoundPlan plan, long first) {
    List<List<String>> batches = new ArrayList<>();
    for (long round = first; round < first + window(plan, first); round++) {
      List<String> texts = new ArrayList<>();
      plan.round(round).forEach(worker -> worker.forEach(batch -> texts.add(batch.text())));
      batches.add(texts);
    }
    return new AveragingMaster.Rounds(first, batches, "of " + plan.rounds());
  }

  private RoundPlan plan(List<WorkUnit> units, RoundPlan.Start start) {
    return new RoundPlan(
        units,
        new RoundPlan.Settings(
            settings.spark().workers(),
            settings.spark().averagingFrequency(),
            settings.data().batchSize(),
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
        prior.trainTimesteps(),
        prior.imageDim(),
        prior.textDrop(),
        prior.imageDrop(),
        settings.train().noiseDrawsPerPair());
  }
}
