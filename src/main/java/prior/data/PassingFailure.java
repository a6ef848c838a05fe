package prior.data;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import prior.fault.UserFault;

/**
 * Knows which failures of a storage pass by themselves: time-outs, lost connections, throttling, a
 * name node that restarts. By name and message, since the classes belong to clients (HDFS, S3A and
 * others) that need not be on the class path, and since a name node's come as text.
 */
public final class PassingFailure {
  private static final Set<String> PASSING =
      Set.of(
          "SocketTimeoutException",
          "SocketException",
          "TimeoutException",
          "NoHttpResponseException",
          "ConnectionClosedException",
          "RetriableException",
          "StandbyException",
          "SafeModeException",
          "BlockMissingException",
          "AWSServiceThrottledException",
          "AWSStatus500Exception",
          "AWSStatus503Exception");

  private static final Set<String> LASTING =
      Set.of(
          "FileNotFoundException",
          "NoSuchFileException",
          "AccessControlException",
          "AccessDeniedException",
          "QuotaExceededException",
          "ClusterStorageCapacityExceededException",
          "DiskErrorException",
          "FSError",
          "ChecksumException",
          "EOFException",
          "InterruptedIOException",
          "ClosedByInterruptException");

  private static final Pattern PASSING_WORDS =
      Pattern.compile(
          "connection reset|broken pipe|timed out|slow ?down|status code: (429|500|503)"
              + "|RetriableException|StandbyException|SafeModeException|in safe mode",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern LASTING_WORDS =
      Pattern.compile(
          "no space left|quota|permission denied|AccessControlException|FileNotFoundException",
          Pattern.CASE_INSENSITIVE);

  /** Hadoop says so of calls that got lost, with the connection's end among them. */
  private static final String CALL = "between local host is: ";

  private PassingFailure() {}

  /** Whether another attempt may succeed; the outermost failure that tells decides. */
  public static boolean is(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Optional<Boolean> passes = verdict(cause);
      if (passes.isPresent()) {
        return passes.get();
      }
    }
    return false;
  }

  private static Optional<Boolean> verdict(Throwable failure) {
    if (failure instanceof IOException && String.valueOf(failure.getMessage()).contains(CALL)) {
      return Optional.of(true);
    }
    Optional<Boolean> byClass = byClass(failure.getClass());
    return byClass.isPresent() ? byClass : byWords(failure);
  }

  /** A time-out is an interruption to Java, so the nearest class counts. */
  private static Optional<Boolean> byClass(Class<?> type) {
    for (Class<?> named = type; named != null; named = named.getSuperclass()) {
      if (PASSING.contains(named.getSimpleName())) {
        return Optional.of(true);
      }
      if (LASTING.contains(named.getSimpleName())) {
        return Optional.of(false);
      }
    }
    return Optional.empty();
  }

  /** A fault's own words name files and numbers; its cause tells. */
  private static Optional<Boolean> byWords(Throwable failure) {
    if (failure instanceof UserFault) {
      return Optional.empty();
    }
    String words = failure.toString();
    if (LASTING_WORDS.matcher(words).find()) {
      return Optional.of(false);
    }
    return PASSING_WORDS.matcher(words).find() ? Optional.of(true) : Optional.empty();
  }
}
