package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;
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

/** What parameter averaging must satisfy whatever it averages. */
@Tag("spark")
class AveragingLawsTest {
  private static Path data;

  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  private final Settings settings = SmallRuns.settings(data).settings();
  private final PriorConf prior = settings.prior();
  private final PairColumns columns =
      new PairColumns("text_embedding", "image_embedding", Optional.empty(), Optional.of("key"));
  private final List<WorkUnit> units =
      ParquetPairs.plan(spark.hadoopConfiguration(), settings.data().train(), columns);

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
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

  private TrainingState fresh() {
    return TrainingState.fresh(
        InitialWeights.of(ParameterLayout.of(NetworkShape.of(prior)), 3), true);
  }

  private MultiDataSetLoader loader() {
    Draws.Rule rule =
        new Draws.Rule(
            5, prior.timesteps(), prior.net().dim(), prior.textDrop(), prior.imageDrop(), 1);
    return new PairLoader(
        prior,
        ImageScaling.of(prior, fresh().parameters()),
        columns,
        rule,
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())));
  }

  private List<String> batches(int count) {
    RoundPlan plan =
        new RoundPlan(
            units, new RoundPlan.Settings(1, count, 8, 5, 1, count), RoundPlan.Start.FRESH);
    return plan.round(0).get(0).stream().map(BatchSpec::text).toList();
  }

  private TrainingState averaged(int workers, int steps, List<List<String>> rounds) {
    return averaged(workers, steps, rounds, loader(), NonFinitePolicy.FAIL);
  }

  private TrainingState averaged(
      int workers,
      int steps,
      List<List<String>> rounds,
      MultiDataSetLoader loader,
      NonFinitePolicy policy) {
    EmaSchedule ema = EmaSchedule.of(settings.train());
    AveragingMaster.Rules rules = new AveragingMaster.Rules(ema, true, policy);
    AveragingMaster master = new AveragingMaster(workers, steps, 8, rules, result -> {});
    SparkComputationGraph graph =
        new SparkComputationGraph(spark, PriorGraph.of(network()), master);
    return master.train(graph, loader, fresh(), new AveragingMaster.Rounds(0, rounds, "of a test"));
  }

  /** A loader whose batches of the given text hold a NaN. */
  private record Poisoned(MultiDataSetLoader loader, String text) implements MultiDataSetLoader {
    @Override
    public MultiDataSet load(Source source) throws IOException {
      MultiDataSet batch = loader.load(source);
      if (source.getPath().equals(text)) {
        batch.getFeatures(0).putScalar(3, Float.NaN);
      }
      return batch;
    }
  }

  @Test
  void aWorkerThatMeetsNaNIsLeftOutAndTheOthersAreTheAverage() {
    List<String> batches = batches(4);
    Poisoned loader = new Poisoned(loader(), batches.get(3));
    TrainingState left = averaged(2, 2, List.of(batches), loader, NonFinitePolicy.DROP);
    TrainingState first = local(batches.subList(0, 2));
    assertThat(left.parameters()).isEqualTo(first.parameters());
    assertThat(left.moments()).isEqualTo(first.moments());
    assertThat(left.ema()).isEqualTo(first.ema());
  }

  @Test
  void aRoundWithNaNIsLeftOutWholeWhereThatIsAskedFor() {
    List<String> batches = batches(6);
    Poisoned loader = new Poisoned(loader(), batches.get(1));
    List<List<String>> rounds = List.of(batches.subList(0, 4), batches.subList(4, 6));
    TrainingState left = averaged(2, 1, rounds.subList(0, 1), loader, NonFinitePolicy.ROLLBACK);
    assertThat(left.parameters()).isEqualTo(fresh().parameters());
    assertThat(left.step()).isEqualTo(2);
  }

  @Test
  void aNaNEndsTheRunByDefaultAndNamesWorkerAndStep() {
    List<String> batches = batches(4);
    Poisoned loader = new Poisoned(loader(), batches.get(3));
    assertThatThrownBy(() -> averaged(2, 2, List.of(batches), loader, NonFinitePolicy.FAIL))
        .hasStackTraceContaining("1 of 2 workers without; worker 1: loss NaN")
        .hasStackTraceContaining("in its step 2");
  }

  @Test
  void whereEveryWorkerMeetsNaNThereIsNothingToAverage() {
    List<String> batches = batches(2);
    Poisoned loader = new Poisoned(loader(), batches.get(0));
    List<String> both = List.of(batches.get(0), batches.get(0));
    assertThatThrownBy(() -> averaged(2, 1, List.of(both), loader, NonFinitePolicy.DROP))
        .hasStackTraceContaining("2 of 2 workers without");
  }

  private TrainingState local(List<String> batches) {
    LocalTrainer trainer =
        new LocalTrainer(new TrainableNetwork(network(), 1), EmaSchedule.of(settings.train()));
    trainer.load(fresh());
    MultiDataSetLoader loader = loader();
    for (String batch : batches) {
      try {
        trainer.step(loader.load(new BatchSource(batch)), 0);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return trainer.state();
  }

  @Test
  void oneWorkerIsLocalTrainingToTheBit() {
    List<String> batches = batches(4);
    TrainingState spread = averaged(1, 2, List.of(batches.subList(0, 2), batches.subList(2, 4)));
    TrainingState local = local(batches);
    assertThat(spread.parameters()).isEqualTo(local.parameters());
    assertThat(spread.moments()).isEqualTo(local.moments());
    assertThat(spread.ema()).isEqualTo(local.ema());
    assertThat(spread.step()).isEqualTo(4);
  }

  @Test
  void workersThatSeeTheSameAreOneWorker() {
    List<String> batches = batches(2);
    List<String> both = new ArrayList<>(batches);
    both.addAll(batches);
    assertThat(averaged(2, 2, List.of(both)).parameters()).isEqualTo(local(batches).parameters());
  }

  @Test
  void theAverageIsTheMeanOfWhatWorkersReachAlone() {
    List<String> batches = batches(4);
    TrainingState spread = averaged(2, 2, List.of(batches));
    TrainingState first = local(batches.subList(0, 2));
    TrainingState second = local(batches.subList(2, 4));
    double moved = 0;
    for (int i = 0; i < spread.parameters().length; i++) {
      double mean = ((double) first.parameters()[i] + second.parameters()[i]) / 2;
      assertThat((double) spread.parameters()[i])
          .isCloseTo(mean, within(1e-7 + 1e-7 * Math.abs(mean)));
      double average = ((double) first.ema()[i] + second.ema()[i]) / 2;
      assertThat((double) spread.ema()[i])
          .isCloseTo(average, within(1e-7 + 1e-7 * Math.abs(average)));
      moved = Math.max(moved, Math.abs(spread.parameters()[i] - fresh().parameters()[i]));
      if (i > 2000) {
        break;
      }
    }
    assertThat(moved).as("the largest change of a parameter").isGreaterThan(1e-5);
  }

  @Test
  void theOrderOfBatchesWithinAWorkerMattersButWhichTaskRunsThemDoesNot() {
    List<String> batches = batches(4);
    List<String> swapped = new ArrayList<>(batches.subList(2, 4));
    swapped.addAll(batches.subList(0, 2));
    float[] one = averaged(2, 2, List.of(batches)).parameters();
    float[] other = averaged(2, 2, List.of(swapped)).parameters();
    for (int i = 0; i < one.length; i++) {
      assertThat(one[i]).isCloseTo(other[i], within(1e-7f + 1e-7f * Math.abs(one[i])));
    }
  }
}
