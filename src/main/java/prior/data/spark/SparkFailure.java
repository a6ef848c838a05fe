package prior.data.spark;

import prior.fault.UserFault;

/** What made a Spark job fail. */
public final class SparkFailure {
  private SparkFailure() {}

  /** The fault that a task threw, when it threw one; else the failure itself. */
  public static RuntimeException cause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserFault fault) {
        return fault;
      }
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("Cannot run a Spark job: " + failure.getMessage(), failure);
  }
}
