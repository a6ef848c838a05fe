package prior.fault;

/** How a job ended, for whoever started it. Success is 0. */
public enum ExitStatus {
  /** Our fault: a stack trace is printed. */
  INTERNAL(1),
  /** Arguments or configuration. */
  USAGE(2),
  /** The input's content. */
  DATA(3),
  /** Memory, device or disk are not enough. */
  RESOURCES(4),
  /** Training left the finite numbers. */
  DIVERGED(5),
  /** A file system refused or lost something. */
  STORAGE(6);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  /** The process's exit status. */
  public int code() {
    return code;
  }
}
