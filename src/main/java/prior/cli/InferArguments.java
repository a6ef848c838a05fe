package prior.cli;

import picocli.CommandLine.Option;
import prior.infer.spark.InferRequest;
import prior.infer.spark.WriteMode;

/** What to predict and where predictions go. */
public final class InferArguments {
  @Option(
      names = "--input",
      required = true,
      description =
          "File, folder or glob of Parquet with text embeddings, a clip-retrieval folder"
              + " (text_emb, metadata), or table:NAME of Spark's catalog.")
  private String input;

  @Option(names = "--output", required = true, description = "Folder to write.")
  private String output;

  @Option(
      names = "--partition",
      paramLabel = "NAME=VALUE",
      description = "Write this partition of the output alone, for example ds=2026-01-31.")
  private String partition;

  @Option(
      names = "--mode",
      defaultValue = "errorifexists",
      description =
          "For an output, or an unfinished run of it, that is there: ${COMPLETION-CANDIDATES};"
              + " default ${DEFAULT-VALUE}.")
  private WriteMode mode;

  /** The arguments as they were given. */
  public InferRequest request() {
    return new InferRequest(input, output, partition, mode);
  }
}
