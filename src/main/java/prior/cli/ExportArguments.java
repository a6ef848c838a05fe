package prior.cli;

import java.util.Optional;
import picocli.CommandLine.Option;
import prior.checkpoint.Location;
import prior.checkpoint.Precision;
import prior.checkpoint.Weights;
import prior.exchange.Format;
import prior.exchange.ModelExport;

/** Which checkpoint becomes which model of PyTorch's. */
public final class ExportArguments {
  @Option(
      names = "--format",
      required = true,
      description = "Whose layout to write: ${COMPLETION-CANDIDATES}.")
  private Format format;

  @Option(
      names = "--model",
      required = true,
      description = "A run folder or one of its checkpoints.")
  private String model;

  @Option(
      names = "--weights",
      description = "${COMPLETION-CANDIDATES}; default ema where there is one, else online.")
  private Weights weights;

  @Option(
      names = "--dtype",
      defaultValue = "fp32",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Precision precision;

  @Option(names = "--output", required = true, description = "A folder, which must not exist.")
  private String output;

  /** Exports and says what was done. */
  public String run() {
    return ModelExport.run(
        new ModelExport.Request(
            format,
            Location.of(model),
            Optional.ofNullable(weights),
            precision,
            Location.of(output)));
  }
}
