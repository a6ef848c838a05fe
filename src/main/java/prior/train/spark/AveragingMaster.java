package prior.train.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import prior.conf.NonFinitePolicy;
import prior.train.EmaSchedule;
import prior.train.TrainingState;

/**
 * Parameter averaging over dl4j-spark with its weak points replaced: rounds are planned, not
 * counted and split anew; workers weigh by the examples they saw; parameters, Adam's moments and
 * the moving average are averaged in chunks through a shuffle, in the order of the workers;
 * broadcasts and shuffle files are removed after each round; networks stay on the executors.
 */
public final class AveragingMaster extends ParameterAveragingTrainingMaster {
  private final transient Rules rules;
  private final transient NonFinite nonFinite;
  private final transient Consumer<RoundResult> afterRound;
  private transient Rounds rounds;
  private transient BatchLoader batches;
  private transient TrainingState state;
  private transient WorkerCounters counters;

  /** The batches of consecutive rounds, one list of texts for each. */
  public record Rounds(long first, List<List<String>> batches, String label) {}

  /**
   * What a round left.
   *
   * @param state averaged over the workers whose state is finite; the one before where the round is
   *     left out
   * @param reports of all workers, in their order
   */
  public record RoundResult(long round, TrainingState state, List<WorkerReport> reports) {}

  /**
   * How states become one.
   *
   * @param ema null to keep no average
   * @param averageUpdater whether Adam's moments are averaged; otherwise those of worker 0 go on,
   *     or, where its state is left out of the round, those before it
   */
  public record Rules(EmaSchedule ema, boolean averageUpdater, NonFinitePolicy policy)
      implements Serializable {}

  /**
   * @param batchSize pairs that go through a worker's network at once; a step's may be more
   */
  public AveragingMaster(
      int workers,
      int averagingFrequency,
      int batchSize,
      Rules rules,
      Consumer<RoundResult> afterRound) {
    super(
        new Builder(workers, batchSize)
            .batchSizePerWorker(batchSize)
            .averagingFrequency(averagingFrequency)
            .saveUpdater(true)
            .storageLevelStreams(null)
            .rddTrainingApproach(RDDTrainingApproach.Direct));
    this.rules = rules;
    this.nonFinite = new NonFinite(rules.policy());
    this.afterRound = afterRound;
  }

  /** Begins with a state. The caller lets go of it: a driver's heap is reckoned to hold two. */
  public void startFrom(TrainingState from) {
    this.state = from;
  }

  /** Trains the given rounds; what each left is handed over after it. */
  public void train(SparkComputationGraph graph, BatchLoader loader, Rounds next) {
    this.batches = loader;
    this.rounds = next;
    if (counters == null) {
      counters = WorkerCounters.of(graph.getSparkContext().sc());
    }
    graph.fitPaths(graph.getSparkContext().<String>emptyRDD(), loader);
  }

  /** What the last round left. */
  public TrainingState state() {
    return state;
  }

  @Override
  protected <T, R extends JavaRDDLike<T, R>> long getTotalDataSetObjectCount(
      JavaRDDLike<T, R> trainingData) {
    return 0;
  }

  /** One RDD for each round, one partition for each worker. */
  @Override
  @SuppressWarnings("unchecked")
  protected <T> JavaRDD<T>[] getSplitRDDs(JavaRDD<T> none, int count, int examplesPerObject) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(none.context());
    List<JavaRDD<String>> splits = new ArrayList<>();
    for (List<String> batches : rounds.batches()) {
      splits.add(spark.parallelize(batches, numWorkers));
    }
    return splits.toArray(JavaRDD[]::new);
  }

  @Override
  protected void doIterationPaths(
      SparkDl4jMultiLayer none,
      SparkComputationGraph graph,
      JavaRDD<String> split,
      int splitNumber,
      int splits,
      int examplesPerObject,
      DataSetLoader noLoader,
      MultiDataSetLoader sameAsBatches) {
    long round = rounds.first() + splitNumber - 1;
    JavaSparkContext spark = graph.getSparkContext();
    spark.setJobDescription(
        "round %d %s: averaging %d workers".formatted(round + 1, rounds.label(), numWorkers));
    SharedState shared = SharedState.of(spark, state);
    try {
      ComputationGraphConfiguration network = graph.getNetwork().getConfiguration();
      WorkerRound work =
          new WorkerRound(
              trainingMasterUID, network, rules, shared, batches, counters, batchSizePerWorker);
      NextState next = new NextState(state);
      List<WorkerReport> reports =
          new Averaging(spark.sc(), ChunkPartitioner.of(state.shape(), numWorkers))
              .average(JavaPairRDD.fromJavaRDD(split.mapPartitionsWithIndex(work, true)), next);
      long step = state.step() + rounds.batches().get(splitNumber - 1).size() / numWorkers;
      this.state = nonFinite.leavesOut(round, reports) ? state.skippingTo(step) : next.at(step);
      afterRound.accept(new RoundResult(round, state, reports));
    } finally {
      shared.destroy();
    }
  }
}
