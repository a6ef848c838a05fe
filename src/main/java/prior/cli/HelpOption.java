package prior.cli;

import picocli.CommandLine.Option;

/** The option that asks for the others. */
public final class HelpOption {
  @Option(names = "--help", usageHelp = true, description = "Show this and stop.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;
}
