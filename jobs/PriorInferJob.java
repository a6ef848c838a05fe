import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import prior.cli.ConfigOptions;
import prior.cli.Launcher;
import prior.cli.ModelOptions;
import prior.cli.OutputMode;
import prior.fault.JobRunner;
import prior.infer.spark.PriorInference;

@Command(name = "PriorInferJob", description = "Predicts image embeddings for text embeddings.")
public final class PriorInferJob implements JobRunner.Body {
  @Mixin private ConfigOptions config;
  @Mixin private ModelOptions model;

  @Option(names = "--input", required = true, description = "Parquet with text embeddings.")
  private String input;

  @Option(names = "--output", required = true, description = "Folder to write.")
  private String output;

  @Option(
      names = "--mode",
      defaultValue = "errorifexists",
      description = "For an existing output: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private OutputMode mode;

  public static void main(String[] args) {
    Launcher.main(new PriorInferJob(), args);
  }

  @Override
  public void run() {
    try (SparkSession spark = ConfigOptions.spark(PriorInferJob.class)) {
      System.out.println(
          PriorInference.run(spark, model.load(spark, config), input, output, mode.overwrites()));
    }
  }
}
