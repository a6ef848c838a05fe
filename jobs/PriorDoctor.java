import java.util.List;
import java.util.Optional;
import org.apache.spark.package$;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import prior.cli.Launcher;
import prior.doctor.Checkup;
import prior.fault.JobRunner;
import prior.fault.UserFault;
import scala.util.Properties;

@Command(
    name = "PriorDoctor",
    description = "Says what this machine lacks to run the jobs, and what to do about it.",
    footer = {"", "Example:", "  ./submit.sh doctor target"})
public final class PriorDoctor implements JobRunner.Body {
  @Parameters(
      paramLabel = "FOLDER",
      description = "That jobs will write, on any storage; nothing stays there.")
  private List<String> folders = List.of();

  @Option(names = "--help", usageHelp = true, description = "Show this and stop.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  public static void main(String[] args) {
    Launcher.main(new PriorDoctor(), args);
  }

  @Override
  public void run() {
    Optional<UserFault> first =
        new Checkup(package$.MODULE$.SPARK_VERSION(), Properties.versionNumberString(), folders)
            .findings()
            .peek(System.out::println)
            .flatMap(finding -> finding.fault().stream())
            .reduce((earlier, later) -> earlier); // and not findFirst, which looks no further
    first.ifPresent(
        fault -> {
          throw fault;
        });
  }
}
