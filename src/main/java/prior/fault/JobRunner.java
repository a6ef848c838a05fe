package prior.fault;

import java.io.PrintStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a job's body and turns how it ended into an exit status and one last line. A user fault
 * shows its message alone; anything else is our fault and shows its stack trace too.
 */
public final class JobRunner {
  private JobRunner() {}

  /** What a job does. */
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }

  /**
   * Runs the body and ends the JVM where it failed; a success returns, as YARN expects.
   *
   * @throws JobFailure in YARN's containers: it goes on to whoever submitted the job, where of an
   *     exit nothing but that there was one is told
   */
  public static void main(String job, Body body) {
    Optional<JobFailure> failure = run(job, body, System.err);
    if (failure.isPresent()) {
      if (inYarnsContainer()) {
        throw failure.get();
      }
      System.exit(failure.get().status().code());
    }
  }

  /** Spark's settings are the properties of a driver that it starts. */
  private static boolean inYarnsContainer() {
    return "yarn".equals(System.getProperty("spark.master"))
        && "cluster".equals(System.getProperty("spark.submit.deployMode"));
  }

  /** Runs the body and returns how it failed. */
  static Optional<JobFailure> run(String job, Body body, PrintStream out) {
    try {
      body.run();
      return Optional.empty();
    } catch (Throwable thrown) {
      UserFault fault = userFault(thrown);
      if (fault == null) {
        thrown.printStackTrace(out);
      }
      ExitStatus status = status(thrown, fault);
      String line = "FAILED " + job + ": " + message(thrown, fault) + "; fix: " + advice(status);
      out.println(line);
      out.flush();
      return Optional.of(new JobFailure(status, line));
    }
  }

  /** The user fault in a chain of causes: Spark wraps what its tasks throw. */
  private static UserFault userFault(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable cause = thrown; cause != null && seen.add(cause); cause = cause.getCause()) {
      if (cause instanceof UserFault fault) {
        return fault;
      }
    }
    return null;
  }

  private static ExitStatus status(Throwable thrown, UserFault fault) {
    if (fault != null) {
      return fault.status();
    }
    return thrown instanceof OutOfMemoryError ? ExitStatus.RESOURCES : ExitStatus.INTERNAL;
  }

  private static String message(Throwable thrown, UserFault fault) {
    return fault == null ? thrown.toString().lines().findFirst().orElse("") : fault.getMessage();
  }

  private static String advice(ExitStatus status) {
    return switch (status) {
      case INTERNAL -> "report the stack trace above, it is a bug";
      case USAGE -> "correct the arguments or the configuration";
      case DATA -> "correct or leave out the data named";
      case RESOURCES -> "give more memory or a smaller batch_size";
      case DIVERGED -> "lower train.lr or train.max_grad_norm and resume";
      case STORAGE -> "check the path, its permissions and free space, then run again";
    };
  }
}
