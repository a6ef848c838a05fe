package prior.cli;

import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Description;
import prior.checkpoint.HadoopLocation;
import prior.checkpoint.StateDict;
import prior.checkpoint.Weights;
import prior.conf.ConfLoader;
import prior.data.DataFaults;
import prior.infer.spark.TrainedPrior;

/** Which model to use. */
public final class ModelOptions {
  @Option(
      names = "--model",
      required = true,
      description = "A run folder or one of its checkpoints.")
  private String model;

  @Option(
      names = "--weights",
      defaultValue = "ema",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Weights weights;

  /** Loads the model; its own configuration holds, and the job's options over it. */
  public TrainedPrior load(SparkSession spark, ConfigOptions options) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try {
      Path path = new Path(model);
      Description found =
          CheckpointStore.describe(new HadoopLocation(path.getFileSystem(hadoop), path));
      ConfLoader.Loaded loaded =
          options.loadOver(new ConfLoader.Source("the model's config", found.config()));
      float[] flat =
          new StateDict(loaded.settings().prior())
              .flat(CheckpointStore.weights(found.folder(), weights));
      String id = found.folder().name() + "/" + weights.name().toLowerCase(Locale.ROOT);
      return new TrainedPrior(
          loaded.settings(), flat, id + "/" + Digest.of(flat), Digest.of(loaded.effective()));
    } catch (IOException e) {
      throw DataFaults.storage("read", model, e);
    }
  }
}
