import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import prior.cli.ConfigOptions;
import prior.cli.Launcher;
import prior.cli.OutputMode;
import prior.cli.PrepareArguments;
import prior.conf.ConfLoader;
import prior.fault.JobRunner;

@Command(
    name = "PriorPrepareJob",
    description = "Turns stored embeddings into training shards.",
    footer = {
      "",
      "Example:",
      "  ./submit.sh prepare --synthetic 2000 --output target/pairs \\",
      "      --config conf/train-demo.conf"
    })
public final class PriorPrepareJob implements JobRunner.Body {
  @Mixin private ConfigOptions config;
  @Mixin private PrepareArguments arguments;

  @Option(
      names = "--mode",
      defaultValue = "errorifexists",
      description = "For an existing output: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private OutputMode mode;

  public static void main(String[] args) {
    Launcher.main(new PriorPrepareJob(), args);
  }

  @Override
  public void run() {
    ConfLoader.Loaded loaded = config.load();
    if (config.printOnly()) {
      System.out.println(loaded.report());
      return;
    }
    try (SparkSession spark = ConfigOptions.spark(PriorPrepareJob.class)) {
      System.out.println(arguments.prepare(spark, loaded.settings(), mode));
    }
  }
}
