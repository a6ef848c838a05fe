package prior.cli;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import prior.checkpoint.HadoopLocation;
import prior.checkpoint.Weights;
import prior.infer.TrainedPrior;

/** Which model to use. */
public final class ModelOptions {
  @Option(
      names = "--model",
      required = true,
      description =
          "A run folder (its BEST checkpoint, else its LATEST) or one of its checkpoints.")
  private String model;

  @Option(
      names = "--weights",
      description = "${COMPLETION-CANDIDATES}; default ema where there is one, else online.")
  private Weights weights;

  /** Loads the model; its own configuration holds, and the job's options over it. */
  public TrainedPrior load(SparkSession spark, ConfigOptions options) {
    return load(model, weights, spark, options);
  }

  /**
   * Loads a model of another name in the same way.
   *
   * @param wanted null for the same weights
   */
  public TrainedPrior load(String name, Weights wanted, SparkSession spark, ConfigOptions options) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    return TrainedPrior.open(
        HadoopLocation.of(name, hadoop), wanted == null ? weights : wanted, options::loadOver);
  }
}
