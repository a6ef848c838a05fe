package prior.cli;

import picocli.CommandLine.Option;
import prior.checkpoint.Location;
import prior.exchange.ModelDescription;

/** Which model to describe. */
public final class DescribeArguments {
  @Option(
      names = "--model",
      required = true,
      description = "A run folder, one of its checkpoints, or a model of PyTorch's.")
  private String model;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  /** The description. */
  public String run() {
    ModelDescription description = ModelDescription.of(Location.of(model));
    return json ? description.json() : description.text();
  }
}
