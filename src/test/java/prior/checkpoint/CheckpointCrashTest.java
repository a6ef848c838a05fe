package prior.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prior.checkpoint.FailingFileSystem.Failure;
import prior.fault.UserFault;

class CheckpointCrashTest {
  private static final int NEVER = Integer.MAX_VALUE;

  private final FileSystem fs = Bytes.local();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void whereverPublishingStopsTheLatestIsTheOldOrTheNewOne(Failure failure) {
    int last = Math.toIntExact(operationsOfOnePublishing());
    assertThat(last).isGreaterThan(40);
    for (int n = 1; n <= last; n++) {
      org.apache.hadoop.fs.Path run = run("second-" + failure + n);
      CheckpointStore healthy = new CheckpointStore(fs, run);
      healthy.publish(Checkpoints.of(1), "round-1");
      healthy.publish(Checkpoints.of(2), "round-2");
      boolean published = publishes(run, n, failure, 3);
      assertThat(healthy.latest().orElseThrow())
          .as("failing operation %d", n)
          .isIn(published ? new Object[] {three()} : new Object[] {Checkpoints.of(2), three()});
      healthy.publish(three(), "round-3");
      assertThat(healthy.latest()).contains(three());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereverTheFirstPublishingStopsThereIsNoneOrAWholeOne(Failure failure) {
    int last = Math.toIntExact(operationsOfOnePublishing());
    for (int n = 1; n <= last; n++) {
      org.apache.hadoop.fs.Path run = run("first-" + failure + n);
      publishes(run, n, failure, 3);
      CheckpointStore healthy = new CheckpointStore(fs, run);
      assertThat(healthy.latest())
          .as("failing operation %d", n)
          .isIn(Optional.empty(), Optional.of(three()));
      healthy.publish(three(), "round-3");
      assertThat(healthy.latest()).contains(three());
    }
  }

  private boolean publishes(org.apache.hadoop.fs.Path run, int failing, Failure failure, int round) {
    FileSystem broken = new FailingFileSystem(fs, failing, failure);
    try {
      new CheckpointStore(broken, run).publish(Checkpoints.of(round), "round-" + round);
      return true;
    } catch (UserFault e) {
      return false;
    }
  }

  private long operationsOfOnePublishing() {
    org.apache.hadoop.fs.Path run = run("counted");
    new CheckpointStore(fs, run).publish(Checkpoints.of(1), "round-1");
    new CheckpointStore(fs, run).publish(Checkpoints.of(2), "round-2");
    FailingFileSystem counting = new FailingFileSystem(fs, NEVER, Failure.ONCE);
    new CheckpointStore(counting, run).publish(three(), "round-3");
    return counting.operations();
  }

  private static Checkpoint three() {
    return Checkpoints.of(3);
  }

  private org.apache.hadoop.fs.Path run(String name) {
    return Bytes.hadoop(folder.resolve(name));
  }
}
