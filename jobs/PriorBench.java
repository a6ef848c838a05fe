import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import prior.bench.BenchCase;
import prior.cli.Launcher;
import prior.fault.JobRunner;

@Command(
    name = "PriorBench",
    description = "Measures; one line of JSON for each case.",
    footer = {"", "Example:", "  ./submit.sh bench --case train-S --seconds 5"})
public final class PriorBench implements JobRunner.Body {
  @Option(
      names = "--case",
      required = true,
      description = "train-S, sample-M-pooled-cfg, gemm, ...; may be repeated.")
  private List<String> cases;

  @Option(names = "--threads", defaultValue = "1", description = "Default ${DEFAULT-VALUE}.")
  private int threads;

  @Option(names = "--seconds", defaultValue = "20", description = "Of each case.")
  private double seconds;

  @Option(names = "--input", description = "Parquet of pairs, for the case read.")
  private String input;

  @Option(names = "--set", description = "KEY=VALUE over a preset's settings.")
  private List<String> sets = List.of();

  @Option(names = "--help", usageHelp = true, description = "Show this and stop.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  public static void main(String[] args) {
    Launcher.main(new PriorBench(), args);
  }

  @Override
  public void run() {
    BenchCase.Request request = new BenchCase.Request(threads, seconds, input, sets);
    for (String name : cases) {
      System.out.println(BenchCase.measure(name, request));
    }
  }
}
