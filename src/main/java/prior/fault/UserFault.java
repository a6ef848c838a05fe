package prior.fault;

/** A failure its reader can mend: a short message, shown without a stack trace. */
public final class UserFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitStatus status;

  private UserFault(ExitStatus status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** Arguments or configuration that cannot be used. */
  public static UserFault usage(String message) {
    return new UserFault(ExitStatus.USAGE, message, null);
  }

  /** Data that cannot be used. */
  public static UserFault data(String message) {
    return new UserFault(ExitStatus.DATA, message, null);
  }

  /** Memory, device or disk that is not enough. */
  public static UserFault resources(String message) {
    return new UserFault(ExitStatus.RESOURCES, message, null);
  }

  /** Training that left the finite numbers. */
  public static UserFault diverged(String message) {
    return new UserFault(ExitStatus.DIVERGED, message, null);
  }

  /** A file system that refused or lost something. */
  public static UserFault storage(String message, Throwable cause) {
    return new UserFault(ExitStatus.STORAGE, message, cause);
  }

  /** How the job ends. */
  public ExitStatus status() {
    return status;
  }
}
