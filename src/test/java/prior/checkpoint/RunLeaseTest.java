package prior.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.fault.UserFault;

class RunLeaseTest {
  private static final RunLease.Timing FAST =
      new RunLease.Timing(Duration.ofMillis(100), Duration.ofMillis(1500));

  @TempDir private java.nio.file.Path temp;
  private FileSystem fs;
  private Path run;

  @BeforeEach
  void open() throws IOException {
    fs = FileSystem.getLocal(new Configuration());
    run = new Path(temp.resolve("run").toString());
  }

  private java.nio.file.Path file() {
    return temp.resolve("run").resolve(RunLease.FILE_NAME);
  }

  private void leave(String host, long pid) throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(
        file(),
        "{\"beat\": 7, \"host\": \"%s\", \"id\": \"gone\", \"pid\": %d}".formatted(host, pid));
  }

  @Test
  void aLeaseThatIsGivenBackCanBeTakenAgain() {
    RunLease.take(fs, run, FAST).close();
    assertThat(file()).doesNotExist();
    RunLease.take(fs, run, FAST).close();
  }

  @Test
  void aSecondJobIsRefusedWhileTheFirstLives() {
    try (RunLease first = RunLease.take(fs, run, FAST)) {
      assertThatThrownBy(() -> RunLease.take(fs, run, FAST))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("found one that is running")
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
      first.check();
    }
  }

  @Test
  void aProcessOfThisHostThatIsNoMoreHoldsNothing() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    leave(InetAddress.getLocalHost().getHostName(), dead.pid());
    long before = System.nanoTime();
    RunLease.Timing patient = new RunLease.Timing(Duration.ofMillis(100), Duration.ofMinutes(5));
    RunLease.take(fs, run, patient).close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void aBeatOfAnotherHostThatStandsStillIsTakenForDead() throws IOException {
    leave("elsewhere", 1);
    try (RunLease taken = RunLease.take(fs, run, FAST)) {
      assertThat(Files.readString(file())).doesNotContain("elsewhere");
      taken.check();
    }
  }

  @Test
  void aHolderWhoseLeaseWasTakenOverPublishesNothingMore() throws Exception {
    try (RunLease first = RunLease.take(fs, run, FAST)) {
      leave("elsewhere", 1);
      Files.deleteIfExists(file().resolveSibling("." + RunLease.FILE_NAME + ".crc"));
      Thread.sleep(1000);
      assertThatThrownBy(first::check).hasMessageContaining("another job has taken it over");
    }
    assertThat(Files.readString(file())).contains("elsewhere");
  }

  @Test
  void aLeaseGivenBackWhileItIsBeingRenewedIsGone() throws Exception {
    SlowRenewals slow = new SlowRenewals(fs);
    RunLease lease = RunLease.take(slow, run, FAST);
    assertThat(slow.renewing.await(10, TimeUnit.SECONDS)).isTrue();
    lease.close();
    assertThat(file()).doesNotExist();
  }

  /** Writing over a file takes a while, and leaves half of it where it is interrupted. */
  private static final class SlowRenewals extends FilterFileSystem {
    private final CountDownLatch renewing = new CountDownLatch(1);

    SlowRenewals(FileSystem fs) {
      super(fs);
    }

    @Override
    public FSDataOutputStream create(
        Path file,
        FsPermission permission,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      FSDataOutputStream out =
          super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
      if (overwrite) {
        renewing.countDown();
        pause(out);
      }
      return out;
    }

    private static void pause(FSDataOutputStream out) throws IOException {
      try {
        TimeUnit.MILLISECONDS.sleep(300);
      } catch (InterruptedException e) {
        out.close();
        throw new InterruptedIOException("interrupted while waiting for the pipeline");
      }
    }
  }
}
