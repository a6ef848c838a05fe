package prior.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

class CheckpointDamageTest {
  private final FileSystem fs = Bytes.local();

  @TempDir Path run;
  private CheckpointStore store;

  @BeforeEach
  void publishTwo() {
    store = new CheckpointStore(Bytes.at(fs, run));
    store.publish(Checkpoints.of(1), "round-1");
    store.publish(Checkpoints.of(2), "round-2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors",
        "ema.safetensors",
        "optimizer.safetensors",
        "config.conf",
        "progress.json",
        "facts.json",
        "manifest.json"
      })
  void aDamagedNewestFallsBackToTheOneBefore(String name) throws IOException {
    Path file = folder("round-2").resolve(name);
    flipAByte(file);
    assertThat(store.latest()).as("seen by the file system").contains(Checkpoints.of(1));
    forgetChecksum(file);
    assertThat(store.latest()).as("seen by the manifest").contains(Checkpoints.of(1));
    Files.delete(file);
    assertThat(store.latest()).as("missing").contains(Checkpoints.of(1));
  }

  @Test
  void aFileCutShortIsNamed() throws IOException {
    Path file = folder("round-2").resolve("ema.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
    forgetChecksum(file);
    refused("round-2", "ema.safetensors: another length, expected " + bytes.length + " bytes");
  }

  @Test
  void theFallBackIsSaid() throws IOException {
    Files.delete(folder("round-2").resolve("model.safetensors"));
    StringBuilder said = new StringBuilder();
    Handler handler = collecting(said);
    Logger logger = Logger.getLogger(RunFolder.class.getName());
    logger.addHandler(handler);
    try {
      store.latest();
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(said)
        .contains("Checkpoint round-2 is left out", "model.safetensors", "round-1 is used");
  }

  @Test
  void afterAFallBackTheDamagedOneIsReplacedOrRemoved() throws IOException {
    flipAByte(folder("round-2").resolve("model.safetensors"));
    assertThat(store.latest()).contains(Checkpoints.of(1));
    store.publish(Checkpoints.of(3), "round-3");
    assertThat(folder("round-1")).exists();
    assertThat(folder("round-2")).doesNotExist();
  }

  @Test
  void theDamagedNameCanBePublishedAnew() throws IOException {
    flipAByte(folder("round-2").resolve("model.safetensors"));
    store.publish(Checkpoints.of(2), "round-2");
    assertThat(store.latest()).contains(Checkpoints.of(2));
  }

  @Test
  void allDamagedIsAFaultAndNotANewStart() throws IOException {
    Files.delete(folder("round-1").resolve("manifest.json"));
    Files.delete(folder("round-2").resolve("manifest.json"));
    assertThatThrownBy(store::latest)
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("round-2/manifest.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../checkpoints/round-1", "/etc", "..", "", "round-1/../round-2"})
  void aPointerThatLeadsOutIsNotFollowed(String name) throws IOException {
    Files.writeString(run.resolve("LATEST"), name);
    forgetChecksum(run.resolve("LATEST"));
    assertThat(store.latest()).contains(Checkpoints.of(2));
  }

  @Test
  void aPointerToNothingAndNoPointerFallBack() throws IOException {
    Files.writeString(run.resolve("LATEST"), "round-9");
    forgetChecksum(run.resolve("LATEST"));
    assertThat(store.latest()).contains(Checkpoints.of(2));
    Files.delete(run.resolve("LATEST"));
    assertThat(store.latest()).contains(Checkpoints.of(2));
  }

  @Test
  void aManifestThatLeadsOutIsRefused() throws IOException {
    rewriteManifest("\"config.conf\"", "\"../../LATEST\"");
    refused("round-2", "manifest.json: a name in it may lead out of its folder");
  }

  @Test
  void aManifestWithoutANeededFileIsRefused() throws IOException {
    rewriteManifest("\"config.conf\"", "\"other.conf\"");
    refused("round-2", "manifest.json: a file is not listed, expected config.conf");
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    rewriteManifest("\"format_version\" : 1", "\"format_version\" : 2");
    refused("round-2", "manifest.json: another format_version, expected 1, found 2");
  }

  private void refused(String name, String message) {
    assertThatThrownBy(() -> store.read(Bytes.at(fs, folder(name))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(message)
        .extracting(e -> ((UserFault) e).status())
        .isEqualTo(ExitStatus.DATA);
  }

  private void rewriteManifest(String old, String now) throws IOException {
    Path file = folder("round-2").resolve("manifest.json");
    String text = Files.readString(file);
    assertThat(text).contains(old);
    Files.writeString(file, text.replace(old, now));
    forgetChecksum(file);
  }

  private Path folder(String name) {
    return run.resolve("checkpoints").resolve(name);
  }

  private static void flipAByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  /** Removes what the local file system keeps beside a file, so that it sees no damage. */
  private static void forgetChecksum(Path file) throws IOException {
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private static Handler collecting(StringBuilder said) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        said.append(line.getMessage()).append('\n');
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
