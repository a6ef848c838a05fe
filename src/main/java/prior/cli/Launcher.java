package prior.cli;

import picocli.CommandLine;
import prior.fault.JobRunner;
import prior.fault.UserFault;

/** Starts an entry class: its arguments into its fields, then its body, then the exit status. */
public final class Launcher {
  private Launcher() {}

  /** Runs a job whose fields carry picocli's annotations. */
  public static void main(JobRunner.Body job, String[] args) {
    JobRunner.main(job.getClass().getSimpleName(), () -> parseAndRun(job, args));
  }

  private static void parseAndRun(JobRunner.Body job, String[] args) throws Exception {
    CommandLine line = new CommandLine(job).setCaseInsensitiveEnumValuesAllowed(true);
    CommandLine asked;
    try {
      asked = innermost(line.parseArgs(args));
    } catch (CommandLine.ParameterException e) {
      throw UserFault.usage(
          "Cannot start: " + e.getMessage() + "\n" + e.getCommandLine().getUsageMessage());
    }
    if (asked.isUsageHelpRequested()) {
      asked.usage(asked.getOut());
    } else {
      asked.<JobRunner.Body>getCommand().run();
    }
  }

  /** The command, or the subcommand where the arguments name one. */
  private static CommandLine innermost(CommandLine.ParseResult result) {
    return result.hasSubcommand()
        ? innermost(result.subcommand())
        : result.commandSpec().commandLine();
  }
}
