package prior.data;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.ToIntBiFunction;

/**
 * Tries work on a storage again where it failed in a way that passes, see {@link PassingFailure},
 * after waits that double up to a bound. Any other failure goes on at once.
 *
 * @param attempts how often the work is tried in all, at least 1
 * @param firstWait before the second attempt
 * @param longestWait before any
 */
public record Retry(int attempts, Duration firstWait, Duration longestWait) {
  /** The name under which Hadoop's configuration holds the attempts; 1 for no second one. */
  public static final String ATTEMPTS = "prior.storage.attempts";

  /** The name under which it holds the first wait in milliseconds. */
  public static final String FIRST_WAIT = "prior.storage.first-wait-ms";

  private static final Logger LOG = System.getLogger(Retry.class.getName());
  private static final int DEFAULT_ATTEMPTS = 6;
  private static final int DEFAULT_FIRST_WAIT = 500;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  /** Work that may be done several times. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws IOException;
  }

  /**
   * What a configuration says.
   *
   * @param numbers gives the number under a name, or the default beside it
   */
  public static Retry configured(ToIntBiFunction<String, Integer> numbers) {
    return new Retry(
        Math.max(1, numbers.applyAsInt(ATTEMPTS, DEFAULT_ATTEMPTS)),
        Duration.ofMillis(Math.max(0, numbers.applyAsInt(FIRST_WAIT, DEFAULT_FIRST_WAIT))),
        LONGEST_WAIT);
  }

  /**
   * Does the work.
   *
   * @param what for the log, which tells of each wait
   * @throws IOException the last attempt's failure
   */
  public <T> T run(String what, Work<T> work) throws IOException {
    Duration wait = firstWait;
    for (int attempt = 1; ; attempt++) {
      try {
        return work.run();
      } catch (IOException | RuntimeException e) {
        if (attempt >= attempts || !PassingFailure.is(e) || !waited(what, attempt, wait, e)) {
          throw e;
        }
      }
      wait = doubled(wait);
    }
  }

  private Duration doubled(Duration wait) {
    Duration twice = wait.multipliedBy(2);
    return twice.compareTo(longestWait) < 0 ? twice : longestWait;
  }

  /** False where somebody wants the thread to end. */
  private boolean waited(String what, int attempt, Duration wait, Exception failure) {
    LOG.log(
        Level.WARNING,
        "Attempt %d of %d to %s failed, the next is in %d ms: %s"
            .formatted(attempt, attempts, what, wait.toMillis(), failure));
    try {
      Thread.sleep(wait.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
