import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import prior.cli.ConfigOptions;
import prior.cli.InferArguments;
import prior.cli.Launcher;
import prior.cli.ModelOptions;
import prior.fault.JobRunner;
import prior.infer.spark.PriorInference;

@Command(
    name = "PriorInferJob",
    description = "Predicts image embeddings for text embeddings.",
    footer = {
      "",
      "Example, after ./submit.sh demo:",
      "  ./submit.sh infer --model target/demo/run --input target/demo/data/test \\",
      "      --output target/predicted --set infer.sampler=dpmpp --set infer.steps=8"
    })
public final class PriorInferJob implements JobRunner.Body {
  @Mixin private ConfigOptions config;
  @Mixin private ModelOptions model;
  @Mixin private InferArguments arguments;

  public static void main(String[] args) {
    Launcher.main(new PriorInferJob(), args);
  }

  @Override
  public void run() {
    try (SparkSession spark = ConfigOptions.spark(PriorInferJob.class)) {
      System.out.println(PriorInference.run(spark, model.load(spark, config), arguments.request()));
    }
  }
}
