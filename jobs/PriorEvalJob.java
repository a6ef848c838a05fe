import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import prior.checkpoint.Weights;
import prior.cli.ConfigOptions;
import prior.cli.Launcher;
import prior.cli.ModelOptions;
import prior.cli.OutputMode;
import prior.fault.JobRunner;
import prior.infer.spark.EvalRequest;
import prior.infer.spark.PriorEvaluation;
import prior.validate.spark.PairValidation;

@Command(
    name = "PriorEvalJob",
    description = "Says how good a model's predictions are.",
    footer = {
      "",
      "Example, after ./submit.sh demo:",
      "  ./submit.sh eval --model target/demo/run --input target/demo/data/test \\",
      "      --output target/evaluation"
    })
public final class PriorEvalJob implements JobRunner.Body {
  @Mixin private ConfigOptions config;
  @Mixin private ModelOptions model;

  @Option(
      names = "--compare",
      paramLabel = "MODEL",
      description =
          "Another model, measured beside it on the same pairs; differences get 95 %% intervals.")
  private String other;

  @Option(
      names = "--compare-weights",
      paramLabel = "WEIGHTS",
      description = "Its weights: ${COMPLETION-CANDIDATES}; default what --weights says.")
  private Weights otherWeights;

  @Option(
      names = "--loss",
      description =
          "Also the loss, as validation has it; the pairs must lie as training reads them.")
  private boolean loss;

  @Option(names = "--input", required = true, description = "Parquet with pairs held out.")
  private String input;

  @Option(
      names = "--output",
      required = true,
      description =
          "Folder for evaluation.json, comparison.json and sweep.json (for eval.sweep), with tables.")
  private String output;

  @Option(
      names = "--mode",
      defaultValue = "overwrite",
      description = "For an existing output: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private OutputMode mode;

  public static void main(String[] args) {
    Launcher.main(new PriorEvalJob(), args);
  }

  @Override
  public void run() {
    try (SparkSession spark = ConfigOptions.spark(PriorEvalJob.class)) {
      System.out.println(
          PriorEvaluation.run(
              spark,
              new EvalRequest(
                  model.load(spark, config),
                  other == null ? null : model.load(other, otherWeights, spark, config),
                  loss ? PairValidation.losses(spark) : null,
                  input,
                  output,
                  mode.overwrites())));
    }
  }
}
