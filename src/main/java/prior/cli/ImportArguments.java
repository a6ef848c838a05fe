package prior.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import prior.checkpoint.Location;
import prior.exchange.Format;
import prior.exchange.ModelImport;

/** Which model of PyTorch's becomes which checkpoint. */
public final class ImportArguments {
  @Option(
      names = "--format",
      required = true,
      description = "Whose layout it has: ${COMPLETION-CANDIDATES}.")
  private Format format;

  @Option(
      names = "--input",
      required = true,
      description = "A safetensors file, the index of several, or their folder.")
  private String input;

  @Option(
      names = "--output",
      required = true,
      description = "The checkpoint's folder, which must not exist.")
  private String output;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The model's configuration in JSON; else the one beside the tensors.")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting over it, for example prior.objective=x_start; may be repeated.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--clip", paramLabel = "NAME", description = "The CLIP model's name, recorded.")
  private String clip;

  /** Imports and says what was done. */
  public String run() {
    return ModelImport.run(
        new ModelImport.Request(
            format,
            Location.of(input),
            Location.of(output),
            Optional.ofNullable(config).map(Location::of),
            sets,
            Optional.ofNullable(clip)));
  }
}
