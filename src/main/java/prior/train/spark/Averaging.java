package prior.train.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ContextCleaner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import scala.Function2;
import scala.Option;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.math.Ordering$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * The averaging of a round: workers' shares go through a shuffle to tasks that each average some of
 * the chunks, and the means to the driver, task by task as they end.
 */
final class Averaging {
  private final SparkContext spark;
  private final ChunkPartitioner partitioner;

  Averaging(SparkContext spark, ChunkPartitioner partitioner) {
    this.spark = spark;
    this.partitioner = partitioner;
  }

  /** What an averaging task does; its result travels to the driver. */
  private interface Task
      extends Function2<TaskContext, Iterator<Tuple2<Share.Place, Share>>, Share[]>, Serializable {}

  /** Averages into a state; returns what the workers measured, in their order. */
  List<WorkerReport> average(JavaPairRDD<Share.Place, Share> shares, NextState into) {
    RDD<Tuple2<Share.Place, Share>> sorted = sorted(shares);
    List<WorkerReport> reports = new ArrayList<>();
    Function2<Object, Share[], BoxedUnit> take =
        (partition, means) -> {
          for (Share mean : means) {
            if (mean.chunk() == Chunks.MEASURED) {
              reports.add(WorkerReport.of(mean));
            } else {
              into.put(mean);
            }
          }
          return BoxedUnit.UNIT;
        };
    try {
      spark.runJob(sorted, means(), partitions(), take, ClassTag$.MODULE$.apply(Share[].class));
    } finally {
      removeFiles(sorted);
    }
    reports.sort(Comparator.comparingInt(WorkerReport::worker));
    return reports;
  }

  private RDD<Tuple2<Share.Place, Share>> sorted(JavaPairRDD<Share.Place, Share> shares) {
    ClassTag<Share.Place> place = ClassTag$.MODULE$.apply(Share.Place.class);
    ClassTag<Share> share = ClassTag$.MODULE$.apply(Share.class);
    return new ShuffledRDD<Share.Place, Share, Share>(
            shares.rdd(), partitioner, place, share, share)
        .setKeyOrdering(
            Ordering$.MODULE$.comparatorToOrdering(Comparator.<Share.Place>naturalOrder()))
        .setSerializer(new ShareSerializer());
  }

  private static Task means() {
    return (context, sorted) -> {
      List<Share> means = new ArrayList<>();
      new ChunkMeans(JavaConverters.asJavaIterator(sorted)).forEachRemaining(means::add);
      return means.toArray(Share[]::new);
    };
  }

  private scala.collection.Seq<Object> partitions() {
    List<Object> all = new ArrayList<>();
    IntStream.range(0, partitioner.numPartitions()).forEach(all::add);
    return JavaConverters.asScalaBuffer(all);
  }

  /** Spark would keep them until the driver's garbage collector happens to find the RDD. */
  private void removeFiles(RDD<?> shuffled) {
    Option<ContextCleaner> cleaner = spark.cleaner();
    if (cleaner.isDefined()
        && shuffled.dependencies().apply(0) instanceof ShuffleDependency<?, ?, ?> shuffle) {
      cleaner.get().doCleanupShuffle(shuffle.shuffleId(), false);
    }
  }
}
