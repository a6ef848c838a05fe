import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import prior.cli.DescribeArguments;
import prior.cli.ExportArguments;
import prior.cli.ImportArguments;
import prior.cli.Launcher;
import prior.fault.JobRunner;
import prior.fault.UserFault;

@Command(
    name = "PriorModelTool",
    description = "Describes models and exchanges them with PyTorch; needs this jar alone.",
    subcommands = {
      PriorModelTool.Describe.class,
      PriorModelTool.Import.class,
      PriorModelTool.Export.class
    },
    footer = {
      "",
      "Example, after ./submit.sh demo:",
      "  ./submit.sh model describe --model target/demo/run"
    })
public final class PriorModelTool implements JobRunner.Body {
  @Option(
      names = "--help",
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this and stop.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  public static void main(String[] args) {
    Launcher.main(new PriorModelTool(), args);
  }

  @Override
  public void run() {
    throw UserFault.usage("Cannot start: expected describe, import or export, found none");
  }

  @Command(
      name = "describe",
      description = "Says what a model is.",
      footer = {
        "",
        "Example, after ./submit.sh demo:",
        "  ./submit.sh model describe --model target/demo/run"
      })
  static final class Describe implements JobRunner.Body {
    @Mixin private DescribeArguments arguments;

    @Override
    public void run() {
      System.out.println(arguments.run());
    }
  }

  @Command(
      name = "import",
      description = "Makes a checkpoint of a model of PyTorch's.",
      footer = {
        "",
        "Example, after that of export:",
        "  ./submit.sh model import --format dalle2 --input target/pytorch \\",
        "      --output target/imported"
      })
  static final class Import implements JobRunner.Body {
    @Mixin private ImportArguments arguments;

    @Override
    public void run() {
      System.out.println(arguments.run());
    }
  }

  @Command(
      name = "export",
      description = "Writes a checkpoint as PyTorch's libraries have it.",
      footer = {
        "",
        "Example, after ./submit.sh demo:",
        "  ./submit.sh model export --format dalle2 --model target/demo/run \\",
        "      --output target/pytorch"
      })
  static final class Export implements JobRunner.Body {
    @Mixin private ExportArguments arguments;

    @Override
    public void run() {
      System.out.println(arguments.run());
    }
  }
}
