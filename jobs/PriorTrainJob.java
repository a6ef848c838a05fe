import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import prior.cli.ConfigOptions;
import prior.cli.Launcher;
import prior.conf.ConfLoader;
import prior.fault.JobRunner;
import prior.train.spark.PriorTraining;
import prior.train.spark.RunFolder;
import prior.validate.spark.PairValidation;

@Command(
    name = "PriorTrainJob",
    description = "Trains a diffusion prior from paired embeddings.",
    footer = {
      "",
      "Example, after ./submit.sh demo:",
      "  ./submit.sh train --config conf/train-demo.conf \\",
      "      --set data.train=target/demo/data/train --set train.max_steps=20 \\",
      "      --run target/short"
    })
public final class PriorTrainJob implements JobRunner.Body {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--run",
      required = true,
      description = "Run folder: config, metrics, checkpoints.")
  private String run;

  @Option(
      names = "--mode",
      defaultValue = "resume",
      description = "For an existing run: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private RunFolder.Mode mode;

  @Option(names = "--dry-run", description = "Check settings and data, print the plan and stop.")
  private boolean dryRun;

  public static void main(String[] args) {
    Launcher.main(new PriorTrainJob(), args);
  }

  @Override
  public void run() {
    ConfLoader.Loaded loaded = config.loadForRun(run, mode);
    System.out.println(loaded.report());
    if (config.printOnly()) {
      return;
    }
    try (SparkSession spark = ConfigOptions.spark(PriorTrainJob.class)) {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      if (dryRun) {
        System.out.println(PriorTraining.plan(context, loaded));
      } else {
        PriorTraining.run(context, loaded, run, mode, Optional.of(PairValidation::open));
      }
    }
  }
}
