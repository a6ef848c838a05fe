package prior.train.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import prior.conf.NonFinitePolicy;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.data.PairColumns;
import prior.data.WorkUnit;
import prior.data.spark.LocalSpark;
import prior.data.spark.ParquetPairs;
import prior.model.ImageScaling;
import prior.model.NetworkShape;
import prior.model.Optimization;
import prior.model.ParameterLayout;
import prior.model.PriorGraph;
import prior.model.TrainableNetwork;
import prior.model.TrainingRule;
import prior.train.BatchSpec;
import prior.train.Draws;
import prior.train.EmaSchedule;
import prior.train.InitialWeights;
import prior.train.LocalTrainer;
import prior.train.RoundPlan;
import prior.train.TrainingState;

/** Trains the same small network on the same batches, over workers or by one trainer alone. */
final class AveragingRuns {
  final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

  private final PairColumns columns =
      PairColumns.of("text_embedding", "image_embedding", Optional.of("key"));
  private final Settings settings;
  private final PriorConf prior;
  private final List<WorkUnit> units;

  AveragingRuns(Path data, String... sets) {
    this.settings = SmallRuns.settings(data, sets).settings();
    this.prior = settings.prior();
    this.units = ParquetPairs.plan(spark.hadoopConfiguration(), settings.data().train(), columns);
  }

  private ComputationGraphConfiguration network() {
    Optimization optimization = Optimization.of(settings.train());
    return PriorGraph.configuration(
        NetworkShape.of(prior),
        TrainingRule.of(prior, 5),
        prior.lossType(),
        optimization.updater(),
        optimization.weightDecay());
  }

  TrainingState fresh() {
    return TrainingState.fresh(
        InitialWeights.of(ParameterLayout.of(NetworkShape.of(prior)), 3), true);
  }

  BatchLoader loader() {
    Draws.Rule rule =
        new Draws.Rule(
            5, prior.timesteps(), prior.net().dim(), prior.textDrop(), prior.imageDrop(), 1);
    return new PairLoader(
        prior,
        spark.broadcast(ImageScaling.of(prior, fresh().parameters())),
        columns,
        rule,
        settings.data().onBadShard(),
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())));
  }

  List<String> batches(int count) {
    RoundPlan plan =
        new RoundPlan(
            units, new RoundPlan.Settings(1, count, 8, 5, 1, count), RoundPlan.Start.FRESH);
    return plan.round(0).get(0).stream().map(BatchSpec::text).toList();
  }

  AveragingMaster.Rules rules(boolean averageUpdater, NonFinitePolicy policy) {
    return new AveragingMaster.Rules(EmaSchedule.of(settings.train()), averageUpdater, policy);
  }

  /** All workers' rounds; the batches of a round are dealt in order. */
  TrainingState averaged(int workers, int steps, List<List<String>> rounds) {
    AveragingMaster.Rules rules = rules(true, NonFinitePolicy.FAIL);
    return averaged(workers, steps, rounds, loader(), rules, result -> {});
  }

  TrainingState averaged(
      int workers,
      int steps,
      List<List<String>> rounds,
      BatchLoader loader,
      AveragingMaster.Rules rules,
      Consumer<AveragingMaster.RoundResult> afterRound) {
    AveragingMaster master = new AveragingMaster(workers, steps, 8, rules, afterRound);
    SparkComputationGraph graph =
        new SparkComputationGraph(spark, PriorGraph.of(network()), master);
    master.startFrom(fresh());
    master.train(graph, loader, new AveragingMaster.Rounds(0, rounds, "of a test"));
    return master.state();
  }

  /** A trainer that has taken a step on each batch. */
  LocalTrainer trained(List<String> batches) {
    LocalTrainer trainer =
        new LocalTrainer(new TrainableNetwork(network(), 1), EmaSchedule.of(settings.train()), 8);
    trainer.load(fresh());
    BatchLoader loader = loader();
    for (String batch : batches) {
      try {
        trainer.step(loader.read(batch).data(), 0);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return trainer;
  }

  /** The state it comes to. */
  TrainingState local(List<String> batches) {
    return trained(batches).state();
  }

  /** A loader whose batches of the given text hold a NaN. */
  record Poisoned(BatchLoader loader, String text) implements BatchLoader {
    @Override
    public LoadedBatch read(String batch) throws IOException {
      LoadedBatch loaded = loader.read(batch);
      if (batch.equals(text)) {
        loaded.data().getFeatures(0).putScalar(3, Float.NaN);
      }
      return loaded;
    }
  }

  /** A loader of whose batches some have no row that can be used. */
  record Emptied(BatchLoader loader, List<String> texts) implements BatchLoader {
    Emptied {
      texts = new ArrayList<>(texts);
    }

    @Override
    public LoadedBatch read(String batch) throws IOException {
      LoadedBatch loaded = loader.read(batch);
      return texts.contains(batch) ? new LoadedBatch(null, 0, loaded.rows(), List.of()) : loaded;
    }
  }
}
