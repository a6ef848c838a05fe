package prior.cli;

/** What happens to an output that exists. */
public enum OutputMode {
  /** The job refuses to start. */
  ERRORIFEXISTS,
  /** It is replaced, once the new one is whole. */
  OVERWRITE;

  /** Whether an existing output may be replaced. */
  public boolean overwrites() {
    return this == OVERWRITE;
  }
}
