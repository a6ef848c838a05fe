package prior.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prior.checkpoint.FailingFileSystem.Failure;
import prior.data.Retry;
import prior.fault.UserFault;

class CheckpointCrashTest {
  private static final int NEVER = Integer.MAX_VALUE;

  private final LocalFileSystem fs = Bytes.local();

  @TempDir Path folder;

  @BeforeEach
  void writeFewerFilesAndWaitLittle() {
    fs.setWriteChecksum(false);
    fs.getConf().setInt(Retry.FIRST_WAIT, 0);
  }

  /** One run goes on through all failures: each round fails at its own operation, then succeeds. */
  @ParameterizedTest
  @EnumSource
  void whereverPublishingStopsTheLatestIsTheOldOrTheNewOne(Failure failure) {
    Path run = run("run");
    CheckpointStore healthy = new CheckpointStore(Bytes.at(fs, run));
    healthy.publish(Checkpoints.of(1), name(1));
    healthy.publish(Checkpoints.of(2), name(2));
    int last = operationsOfOnePublishing();
    assertThat(last).isGreaterThan(40);
    for (int n = 1, round = 3; n <= last; n++, round++) {
      boolean published = publishes(run, n, failure, round);
      assertThat(healthy.latest().orElseThrow())
          .as("failing operation %d", n)
          .isIn(Checkpoints.of(published ? round : round - 1), Checkpoints.of(round));
      healthy.publish(Checkpoints.of(round), name(round));
      assertThat(healthy.latest()).contains(Checkpoints.of(round));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereverTheFirstPublishingStopsThereIsNoneOrAWholeOne(Failure failure) {
    int last = operationsOfOnePublishing();
    for (int n = 1; n <= last; n++) {
      Path run = run("first-" + n);
      publishes(run, n, failure, 3);
      assertThat(new CheckpointStore(Bytes.at(fs, run)).latest())
          .as("failing operation %d", n)
          .isIn(Optional.empty(), Optional.of(Checkpoints.of(3)));
    }
  }

  /** The one failure that passes: two lost connections in a row, at each operation. */
  @Test
  void whereverConnectionsAreLostPublishingGoesOn() {
    int last = operationsOfOnePublishing();
    Path run = run("lossy");
    for (int n = 1, round = 1; n <= last; n++, round++) {
      assertThat(publishes(run, n, Failure.RESET_TWICE, round)).as("operation %d", n).isTrue();
      assertThat(new CheckpointStore(Bytes.at(fs, run)).latest())
          .as("lost at operation %d", n)
          .contains(Checkpoints.of(round));
    }
  }

  private boolean publishes(Path run, int failing, Failure failure, int round) {
    FileSystem broken = new FailingFileSystem(fs, failing, failure);
    try {
      new CheckpointStore(Bytes.at(broken, run)).publish(Checkpoints.of(round), name(round));
      return true;
    } catch (UserFault e) {
      return false;
    }
  }

  private int operationsOfOnePublishing() {
    Path run = run("counted");
    new CheckpointStore(Bytes.at(fs, run)).publish(Checkpoints.of(1), name(1));
    new CheckpointStore(Bytes.at(fs, run)).publish(Checkpoints.of(2), name(2));
    FailingFileSystem counting = new FailingFileSystem(fs, NEVER, Failure.ONCE);
    new CheckpointStore(Bytes.at(counting, run)).publish(Checkpoints.of(3), name(3));
    return Math.toIntExact(counting.operations());
  }

  private static String name(int round) {
    return "round-" + round;
  }

  private Path run(String name) {
    return folder.resolve(name);
  }
}
