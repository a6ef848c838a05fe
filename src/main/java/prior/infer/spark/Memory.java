package prior.infer.spark;

import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import prior.conf.PriorConf;
import prior.infer.TrainedPrior;

/**
 * What a job's executors have to hold.
 *
 * @param model bytes of the parameters
 * @param pass bytes of the texts and predictions of a pass
 * @param slots tasks of an executor at once
 */
record Memory(long model, long pass, int slots, String executor) {

  static Memory of(SparkSession spark, TrainedPrior model) {
    PriorConf prior = model.settings().prior();
    SparkConf conf = spark.sparkContext().conf();
    long perText =
        prior.textDim()
            + (long) prior.encodingRows() * prior.encodingDim()
            + (long) prior.imageDim() * model.settings().infer().samplesPerText();
    int cpus = conf.getInt("spark.task.cpus", 1);
    int cores = conf.getInt("spark.executor.cores", spark.sparkContext().defaultParallelism());
    return new Memory(
        4L * model.weights().length,
        4L * perText * model.settings().infer().batchSize(),
        Math.max(1, cores / cpus),
        conf.get("spark.executor.memory", "1g"));
  }

  /** For the log. */
  String line() {
    return String.format(
        Locale.ROOT,
        "memory of an executor: model %.1f MB on the heap and %d x %.1f MB outside it, %d tasks at"
            + " once with 3 x %.1f MB of texts and predictions each; spark.executor.memory is %s",
        model / 1e6,
        slots,
        model / 1e6,
        slots,
        pass / 1e6,
        executor);
  }
}
