package prior.cli;

import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Description;
import prior.checkpoint.HadoopLocation;
import prior.checkpoint.StateDict;
import prior.checkpoint.Weights;
import prior.conf.ConfLoader;
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
      description = "${COMPLETION-CANDIDATES}; default ema where there is one, else online.")
  private Weights weights;

  /** Loads the model; its own configuration holds, and the job's options over it. */
  public TrainedPrior load(SparkSession spark, ConfigOptions options) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Description found = CheckpointStore.describe(HadoopLocation.of(model, hadoop));
    ConfLoader.Loaded loaded =
        options.loadOver(new ConfLoader.Source("the model's config", found.config()));
    Weights which = weights == null ? CheckpointStore.preferred(found.folder()) : weights;
    float[] flat =
        new StateDict(loaded.settings().prior())
            .flat(CheckpointStore.weights(found.folder(), which));
    String id = found.folder().name() + "/" + which.name().toLowerCase(Locale.ROOT);
    return new TrainedPrior(
        loaded.settings(),
        flat,
        id + "/" + Digest.of(flat),
        Digest.of(loaded.effective()),
        found.facts());
  }
}
