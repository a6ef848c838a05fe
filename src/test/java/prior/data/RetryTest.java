package prior.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.hdfs.protocol.DSQuotaExceededException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.ipc.RetriableException;
import org.apache.hadoop.ipc.StandbyException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import prior.fault.UserFault;

class RetryTest {
  private static final Retry FAST = new Retry(3, Duration.ZERO, Duration.ZERO);

  /** As Amazon's client says it. */
  private static final String SLOW_DOWN =
      "Please reduce your request rate. (Service: Amazon S3; Status Code: 503; Error Code: SlowDown)";

  private int attempts;

  static Stream<Exception> passing() {
    IOException reset = new IOException("Connection reset by peer");
    return Stream.of(
        reset,
        new SocketTimeoutException("Read timed out"),
        new ConnectException("Connection refused"),
        new EOFException("End of File Exception between local host is: \"a/1.2.3.4\"; ..."),
        new RetriableException("the name node is still starting"),
        new StandbyException("this is the other name node"),
        new RemoteException("org.apache.hadoop.hdfs.server.namenode.SafeModeException", "no"),
        new IOException("s3a: open", new RuntimeException(SLOW_DOWN)),
        new UncheckedIOException(reset),
        UserFault.storage("Cannot read a.parquet: reset", reset));
  }

  static Stream<Exception> lasting() {
    return Stream.of(
        new IOException("made to fail"),
        new IOException("No space left on device"),
        new FileNotFoundException("timed out.parquet"),
        new AccessControlException("Permission denied: user=a, access=WRITE"),
        new java.nio.file.AccessDeniedException("s3a://b/k", null, "403"),
        new DSQuotaExceededException("the DiskSpace quota is exceeded"),
        new RemoteException(AccessControlException.class.getName(), "Connection reset"),
        new ChecksumException("checksum error", 512),
        new EOFException("the file ends"),
        new InterruptedIOException("killed"),
        UserFault.data("Cannot read a.parquet: expected 503 rows, found a Connection reset"));
  }

  private int failing(int times, Exception failure) throws IOException {
    if (attempts++ < times) {
      if (failure instanceof IOException io) {
        throw io;
      }
      throw (RuntimeException) failure;
    }
    return attempts;
  }

  @ParameterizedTest
  @MethodSource("passing")
  void whatPassesIsTriedAgain(Exception failure) throws IOException {
    assertThat(FAST.run("read", () -> failing(2, failure))).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("passing")
  void theLastAttemptsFailureGoesOn(Exception failure) {
    assertThatThrownBy(() -> FAST.run("read", () -> failing(3, failure))).isSameAs(failure);
    assertThat(attempts).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("lasting")
  void anythingElseFailsAtOnce(Exception failure) {
    assertThatThrownBy(() -> FAST.run("read", () -> failing(9, failure))).isSameAs(failure);
    assertThat(attempts).isEqualTo(1);
  }

  @Test
  void aThreadThatIsToEndDoesNotWait() {
    IOException failure = new IOException("timed out");
    Thread.currentThread().interrupt();
    Retry patient = new Retry(3, Duration.ofHours(1), Duration.ofHours(1));
    assertThatThrownBy(() -> patient.run("read", () -> failing(9, failure))).isSameAs(failure);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(attempts).isEqualTo(1);
  }

  @Test
  void theConfigurationSaysHowOften() {
    assertThat(Retry.configured(Map.of(Retry.ATTEMPTS, 9)::getOrDefault).attempts()).isEqualTo(9);
    assertThat(Retry.configured(Map.of(Retry.ATTEMPTS, 0)::getOrDefault).attempts()).isEqualTo(1);
  }
}
