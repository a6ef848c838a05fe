package prior.fault;

/** How a job failed: its last line, which says all that a user needs, and its exit status. */
public final class JobFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitStatus status;

  JobFailure(ExitStatus status, String line) {
    super(line, null, false, false);
    this.status = status;
  }

  ExitStatus status() {
    return status;
  }

  /** The line alone. */
  @Override
  public String toString() {
    return getMessage();
  }
}
