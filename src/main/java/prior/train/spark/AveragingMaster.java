package prior.train.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import prior.conf.NonFinitePolicy;
import prior.train.EmaSchedule;
import prior.train.Floats;
import prior.train.Shares;
import prior.train.TrainingState;
import scala.Tuple2;

/**
 * Parameter averaging over dl4j-spark with its weak points replaced: rounds are planned, not
 * counted and split anew; workers weigh by the examples they saw; parameters, Adam's moments and
 * the moving average are averaged in chunks through a shuffle, in the order of the workers;
 * broadcasts are destroyed; networks stay on the executors between rounds.
 */
public final class AveragingMaster extends ParameterAveragingTrainingMaster {
  private static final long BYTES_PER_RESULT = 256L << 20;

  private final transient EmaSchedule ema;
  private final transient NonFinite nonFinite;
  private final transient Consumer<RoundResult> afterRound;
  private transient Rounds rounds;
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
   * @param ema null to keep no average
   */
  public AveragingMaster(
      int workers,
      int averagingFrequency,
      int batchSize,
      EmaSchedule ema,
      NonFinitePolicy policy,
      Consumer<RoundResult> afterRound) {
    super(
        new Builder(workers, batchSize)
            .batchSizePerWorker(batchSize)
            .averagingFrequency(averagingFrequency)
            .saveUpdater(true)
            .storageLevelStreams(null)
            .rddTrainingApproach(RDDTrainingApproach.Direct));
    this.ema = ema;
    this.nonFinite = new NonFinite(policy);
    this.afterRound = afterRound;
  }

  /** Trains the given rounds from a state; what each left is handed over after it. */
  public TrainingState train(
      SparkComputationGraph graph, MultiDataSetLoader loader, TrainingState from, Rounds next) {
    this.state = from;
    this.rounds = next;
    if (counters == null) {
      counters = WorkerCounters.of(graph.getSparkContext().sc());
    }
    graph.fitPaths(graph.getSparkContext().<String>emptyRDD(), loader);
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
      MultiDataSetLoader loader) {
    long round = rounds.first() + splitNumber - 1;
    JavaSparkContext spark = graph.getSparkContext();
    spark.setJobDescription(
        "round %d %s: averaging %d workers".formatted(round + 1, rounds.label(), numWorkers));
    Broadcast<TrainingState> shared = spark.broadcast(state);
    int steps = rounds.batches().get(splitNumber - 1).size() / numWorkers;
    try {
      ComputationGraphConfiguration network = graph.getNetwork().getConfiguration();
      WorkerRound work = new WorkerRound(trainingMasterUID, network, ema, shared, loader, counters);
      JavaPairRDD<Integer, Share> shares =
          JavaPairRDD.fromJavaRDD(split.mapPartitionsWithIndex(work, true));
      RoundResult result = collect(round, steps, shares);
      this.state = result.state();
      afterRound.accept(result);
    } finally {
      shared.destroy();
    }
  }

  private RoundResult collect(long round, int steps, JavaPairRDD<Integer, Share> shares) {
    Chunks.Assembly next = new Chunks.Assembly(state, state.step() + steps);
    List<WorkerReport> reports = new ArrayList<>();
    Iterator<Tuple2<Integer, List<Share>>> averaged =
        shares.groupByKey(partitions()).mapToPair(AveragingMaster::average).toLocalIterator();
    while (averaged.hasNext()) {
      Tuple2<Integer, List<Share>> chunk = averaged.next();
      if (chunk._1() == Chunks.MEASURED) {
        chunk._2().forEach(share -> reports.add(WorkerReport.of(share)));
      } else {
        next.put(chunk._1(), chunk._2().get(0).values());
      }
    }
    reports.sort(Comparator.comparingInt(WorkerReport::worker));
    TrainingState left =
        nonFinite.leavesOut(round, reports) ? state.skippingTo(state.step() + steps) : next.state();
    return new RoundResult(round, left, reports);
  }

  /** The weighted mean of a chunk; what workers measured stays apart. */
  private static Tuple2<Integer, List<Share>> average(Tuple2<Integer, Iterable<Share>> chunk) {
    List<Share> shares = new ArrayList<>();
    chunk._2().forEach(shares::add);
    shares.sort(Comparator.comparingInt(Share::worker));
    if (chunk._1() == Chunks.MEASURED) {
      return new Tuple2<>(chunk._1(), shares);
    }
    List<Long> examples = shares.stream().map(Share::examples).toList();
    float[] mean = Shares.mean(shares.stream().map(Share::values).toList(), examples);
    long total = examples.stream().mapToLong(Long::longValue).sum();
    return new Tuple2<>(chunk._1(), List.of(new Share(0, total, new Floats(mean))));
  }

  private int partitions() {
    long bytes = 4L * Chunks.SIZE * Chunks.count(state);
    return (int) Math.max(bytes / BYTES_PER_RESULT + 1, Math.min(numWorkers, Chunks.count(state)));
  }
}
