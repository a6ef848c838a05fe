package prior.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.Retry;
import prior.data.WorkUnit;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

/** Shards on a storage whose operations fail now and then. */
class StorageRetryTest {
  private static final PairColumns COLUMNS =
      PairColumns.of("text_embedding", "image_embedding", Optional.empty());
  private static final String FOLDER =
      "flaky:" + Path.of("src/test/resources/data/parquet").toAbsolutePath();

  private final Configuration conf = new Configuration();

  @BeforeEach
  void register() {
    FlakyFileSystem.register(conf);
  }

  @AfterEach
  void heal() {
    FlakyFileSystem.heal();
  }

  private List<WorkUnit> plan() {
    return ParquetPairs.plan(conf, FOLDER + "/plain.parquet", COLUMNS);
  }

  private PairBlock read(Slicing slicing) {
    return Blocks.join(
        ParquetPairs.plan(conf, FOLDER + "/plain.parquet", COLUMNS, slicing).stream()
            .map(unit -> ParquetPairs.read(conf, unit, COLUMNS))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(longs = {ParquetPairs.WHOLE_BYTES, 1})
  void whereverAReadTimesOutTheNumbersAreTheSame(long wholeBytes) {
    conf.setInt(Retry.ATTEMPTS, 30);
    PairBlock sound = read(new Slicing(wholeBytes));
    for (int every = 16; every < 24; every++) {
      FlakyFileSystem.timeOutEvery(every);
      PairBlock flaky = read(new Slicing(wholeBytes));
      assertThat(FlakyFileSystem.heal()).as("operations").isGreaterThan(every);
      assertThat(flaky).usingRecursiveComparison().isEqualTo(sound);
    }
  }

  @Test
  void aStorageThatDoesNotComeBackIsAFaultOfStorageThatNamesTheFile() {
    conf.setInt(Retry.ATTEMPTS, 3);
    List<WorkUnit> units = plan();
    FlakyFileSystem.timeOutEvery(1);
    assertThatThrownBy(() -> ParquetPairs.read(conf, units.get(0), COLUMNS))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.STORAGE))
        .hasMessageContaining("plain.parquet")
        .hasMessageContaining("timed out");
    assertThat(FlakyFileSystem.heal()).isEqualTo(3);
  }

  @Test
  void whatMayNotBeReadIsAskedForOnce() {
    List<WorkUnit> units = plan();
    FlakyFileSystem.failEvery(1, () -> new AccessControlException("Permission denied"));
    assertThatThrownBy(() -> ParquetPairs.read(conf, units.get(0), COLUMNS))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.STORAGE))
        .hasMessageContaining("Permission denied");
    assertThat(FlakyFileSystem.heal()).isEqualTo(1);
  }

  @Test
  void aFileThatEndsTooEarlyIsDamagedAndReadOnce() {
    List<WorkUnit> units = plan();
    FlakyFileSystem.failEvery(1, () -> new java.io.EOFException("reached the end of stream"));
    assertThatThrownBy(() -> ParquetPairs.read(conf, units.get(0), COLUMNS))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.DATA));
    assertThat(FlakyFileSystem.heal()).isEqualTo(1);
  }

  /** As S3A wraps what Amazon's client throws, which would pass for a fault of Parquet. */
  @Test
  void throttlingIsNotTakenForDamage() {
    conf.setInt(Retry.ATTEMPTS, 2);
    List<WorkUnit> units = plan();
    FlakyFileSystem.failEvery(
        1, () -> new IOException("open", new IllegalStateException("503 SlowDown")));
    assertThatThrownBy(() -> ParquetPairs.read(conf, units.get(0), COLUMNS))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.STORAGE));
    assertThat(FlakyFileSystem.heal()).isEqualTo(2);
  }
}
