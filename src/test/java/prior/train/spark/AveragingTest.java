package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import prior.conf.NonFinitePolicy;
import prior.data.spark.LocalSpark;
import prior.train.Floats;
import prior.train.StateShape;
import prior.train.TrainingState;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;

/** How states travel and become one. */
@Tag("spark")
class AveragingTest {
  private static final int LENGTH = Chunks.SIZE + 1000;
  private static final long[] EXAMPLES = {320, 7, 96, 1};

  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

  /** A worker's parameters, moments and average, one after another. */
  private static float[] held(int worker) {
    Random random = new Random(worker);
    float[] held = new float[4 * LENGTH];
    for (int i = 0; i < held.length; i++) {
      held[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6));
    }
    if (worker == EXAMPLES.length - 1) {
      takeAwayTheOthers(held);
    }
    return held;
  }

  /**
   * So that nearly nothing is left, and the sum's last bits, which order decides, are the mean's.
   */
  private static void takeAwayTheOthers(float[] held) {
    double[] sum = new double[held.length];
    for (int worker = 0; worker < EXAMPLES.length - 1; worker++) {
      float[] other = held(worker);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (double) EXAMPLES[worker] * other[i];
      }
    }
    for (int i = 0; i < sum.length; i++) {
      held[i] = (float) (-sum[i] / EXAMPLES[EXAMPLES.length - 1]);
    }
  }

  private static List<Tuple2<Share.Place, Share>> shares(TrainingState like) {
    List<Tuple2<Share.Place, Share>> shares = new ArrayList<>();
    for (int worker = 0; worker < EXAMPLES.length; worker++) {
      float[] held = held(worker);
      int from = 0;
      int chunk = 0;
      for (StateShape.Slice slice : like.shape().slices(Chunks.SIZE)) {
        Share.Place place = new Share.Place(chunk++, worker);
        Floats numbers = new Floats(held, from, slice.count());
        from += slice.count();
        shares.add(new Tuple2<>(place, new Share(place, EXAMPLES[worker], numbers)));
      }
    }
    return shares;
  }

  private TrainingState mean(List<Tuple2<Share.Place, Share>> shares, int tasks, int averaging) {
    NextState next = new NextState(TrainingState.fresh(new float[LENGTH], true));
    new Averaging(spark.sc(), new ChunkPartitioner(averaging))
        .average(spark.parallelizePairs(shares, tasks), next);
    return next.at(1);
  }

  @Test
  void theBitsAreThoseOfASumInTheOrderOfWorkersHoweverSharesArrive() {
    List<Tuple2<Share.Place, Share>> shares = shares(TrainingState.fresh(new float[LENGTH], true));
    double[] sum = new double[4 * LENGTH];
    for (int worker = 0; worker < EXAMPLES.length; worker++) {
      float[] held = held(worker);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (double) EXAMPLES[worker] * held[i];
      }
    }
    for (int order = 0; order < 3; order++) {
      TrainingState mean = mean(shares, 1 + order, 1 + 2 * order);
      for (int i = 0; i < LENGTH; i++) {
        assertThat(mean.parameters()[i]).isEqualTo((float) (sum[i] / 424));
        assertThat(mean.moments()[2 * i]).isEqualTo((float) (sum[LENGTH + 2 * i] / 424));
        assertThat(mean.ema()[i]).isEqualTo((float) (sum[3 * LENGTH + i] / 424));
      }
      Collections.shuffle(shares, new Random(order));
    }
  }

  /** With the most bytes of a task's result, 64 MiB, and of what it takes in, 512 MiB. */
  @ParameterizedTest
  @CsvSource({"8000, 2, 2", "22000000, 2, 6", "22000000, 64, 64", "300000000, 512, 4608"})
  void asManyTasksAverageAsKeepEachSmall(long parameters, int workers, int tasks) {
    StateShape shape = new StateShape(parameters, true);
    assertThat(ChunkPartitioner.tasks(shape, workers)).isEqualTo(tasks);
  }

  private static int blocks(Predicate<BlockId> which) {
    BlockManager blocks = SparkEnv.get().blockManager();
    return (int)
        JavaConverters.asJavaCollection(blocks.getMatchingBlockIds(which::test)).stream()
            .filter(id -> size(blocks, id) > Float.BYTES * 16 * 20_000)
            .count();
  }

  private static long size(BlockManager blocks, BlockId id) {
    Option<BlockStatus> status = blocks.getStatus(id); // asked once, for it may go at any moment
    return status.isEmpty() ? 0 : status.get().memSize() + status.get().diskSize();
  }

  /** Those of other tests aside. */
  private static Set<BlockId> files(Set<BlockId> before) {
    Set<BlockId> files =
        new HashSet<>(
            JavaConverters.asJavaCollection(
                SparkEnv.get().blockManager().diskBlockManager().getAllBlocks()));
    files.removeIf(id -> !id.isShuffle() || before.contains(id));
    return files;
  }

  /** Freed in the background, so it may take a moment. */
  private static void awaitNone(IntSupplier left) throws InterruptedException {
    for (int tries = 0; left.getAsInt() > 0 && tries < 200; tries++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Test
  void roundsLeaveNoBroadcastsAndNoShuffleFilesBehind(@TempDir Path folder) throws Exception {
    Path data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
    AveragingRuns runs = new AveragingRuns(data, "prior.net.num_timesteps=20000");
    List<List<String>> rounds = IntStream.range(0, 5).mapToObj(round -> runs.batches(2)).toList();
    List<Integer> alive = new ArrayList<>();
    Set<BlockId> before = files(Set.of());
    runs.averaged(
        2,
        1,
        rounds,
        runs.loader(),
        runs.rules(true, NonFinitePolicy.FAIL),
        result -> alive.add(blocks(BlockId::isBroadcast)));
    assertThat(alive.get(0)).as("of the round itself").isPositive();
    awaitNone(() -> blocks(BlockId::isBroadcast) + files(before).size());
    assertThat(blocks(BlockId::isBroadcast)).as("broadcasts of states").isZero();
    assertThat(files(before)).as("shuffle files").isEmpty();
  }
}
