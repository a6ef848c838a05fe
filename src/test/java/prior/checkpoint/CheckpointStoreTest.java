package prior.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.fault.UserFault;

class CheckpointStoreTest {
  private final FileSystem fs = Bytes.local();

  @TempDir Path run;
  private CheckpointStore store;

  @BeforeEach
  void open() {
    store = new CheckpointStore(Bytes.at(fs, run));
  }

  @Test
  void aRunWithoutCheckpointsHasNoLatest() {
    assertThat(store.latest()).isEmpty();
  }

  @Test
  void whatIsPublishedIsReadBack() {
    store.publish(Checkpoints.of(1), "round-1");
    assertThat(store.latest()).contains(Checkpoints.of(1));
    assertThat(store.read(Bytes.at(fs, folder("round-1")))).isEqualTo(Checkpoints.of(1));
  }

  @Test
  void movingAverageAndOptimizerMayBeMissing() {
    store.publish(Checkpoints.withoutOptionalParts(1), "round-1");
    assertThat(store.latest()).contains(Checkpoints.withoutOptionalParts(1));
    assertThatThrownBy(() -> CheckpointStore.weights(Bytes.at(fs, run), Weights.EMA))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("expected ema.safetensors, found none");
  }

  @Test
  void theFolderHoldsTheFilesAsLaidDown() throws IOException {
    store.publish(Checkpoints.of(1), "round-1");
    assertThat(contents(folder("round-1")))
        .containsOnlyKeys(
            "model.safetensors",
            "ema.safetensors",
            "optimizer.safetensors",
            "config.conf",
            "progress.json",
            "facts.json",
            "manifest.json");
    assertThat(run.resolve("LATEST")).hasContent("round-1\n");
  }

  @Test
  void theSameContentMakesTheSameBytes(@TempDir Path other) throws IOException {
    store.publish(Checkpoints.of(1), "round-1");
    new CheckpointStore(Bytes.at(fs, other)).publish(Checkpoints.of(1), "again");
    assertThat(contents(folder("round-1"))).isEqualTo(contents(other.resolve("checkpoints/again")));
  }

  @Test
  void theTwoNewestAreKept() throws IOException {
    for (int round = 8; round <= 11; round++) {
      store.publish(Checkpoints.of(round), "round-" + round);
    }
    assertThat(names()).containsExactlyInAnyOrder("round-10", "round-11");
    assertThat(store.latest()).contains(Checkpoints.of(11));
  }

  @Test
  void asManyAsAskedForAreKeptAndTheBestBesideThem() throws IOException {
    CheckpointStore three = new CheckpointStore(Bytes.at(fs, run), 3);
    for (int round = 1; round <= 6; round++) {
      three.publish(Checkpoints.of(round), "round-" + round);
      if (round == 2) {
        three.best(Optional.of("round-2"));
      }
    }
    assertThat(names()).containsExactlyInAnyOrder("round-2", "round-4", "round-5", "round-6");
    assertThat(run.resolve("BEST")).hasContent("round-2\n");
    three.best(Optional.of("round-6"));
    three.publish(Checkpoints.of(7), "round-7");
    assertThat(names()).containsExactlyInAnyOrder("round-5", "round-6", "round-7");
  }

  @Test
  void aModelIsTheRunsBestCheckpointAndTheLatestWhereThatIsDamaged() throws IOException {
    store.publish(Checkpoints.of(1), "round-1");
    store.best(Optional.of("round-1"));
    store.publish(Checkpoints.of(2), "round-2");
    assertThat(CheckpointStore.weights(Bytes.at(fs, run), Weights.ONLINE))
        .isEqualTo(Checkpoints.tensors(1));
    assertThat(store.latest()).as("a run goes on from its end").contains(Checkpoints.of(2));
    Files.delete(folder("round-1").resolve("model.safetensors"));
    assertThat(CheckpointStore.weights(Bytes.at(fs, run), Weights.ONLINE))
        .isEqualTo(Checkpoints.tensors(2));
    store.best(Optional.empty());
    assertThat(store.best()).isEmpty();
  }

  @Test
  void leftOversOfAStoppedWriterAreRemoved() throws IOException {
    Files.createDirectories(folder(".round-7.writing"));
    store.publish(Checkpoints.of(8), "round-8");
    assertThat(names()).containsExactly("round-8");
  }

  @Test
  void weightsAndDescriptionComeFromARunOrAFolder() {
    store.publish(Checkpoints.of(1), "round-1");
    store.publish(Checkpoints.of(2), "round-2");
    assertThat(CheckpointStore.weights(Bytes.at(fs, run), Weights.EMA))
        .isEqualTo(Checkpoints.tensors(2.25f));
    assertThat(CheckpointStore.weights(Bytes.at(fs, folder("round-1")), Weights.ONLINE))
        .isEqualTo(Checkpoints.tensors(1));
    Description description = CheckpointStore.describe(Bytes.at(fs, run));
    assertThat(description.progress()).isEqualTo(Checkpoints.progress(2));
    assertThat(description.facts()).containsEntry("clip", "ViT-L/14");
    assertThat(description.config()).isEqualTo(Checkpoints.of(2).config());
  }

  @Test
  void aFolderThatIsNeitherRunNorCheckpointIsNamed() {
    assertThatThrownBy(() -> CheckpointStore.describe(Bytes.at(fs, run)))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(run.getFileName().toString())
        .hasMessageContaining("neither a run nor a checkpoint");
  }

  @Test
  void publishingTheSameAgainChangesNothing() throws IOException {
    store.publish(Checkpoints.of(1), "round-1");
    Map<String, String> before = contents(folder("round-1"));
    store.publish(Checkpoints.of(1), "round-1");
    assertThat(contents(folder("round-1"))).isEqualTo(before);
    assertThat(names()).containsExactly("round-1");
  }

  @Test
  void theLatestIsNotReplacedByOtherContentOfItsName() {
    store.publish(Checkpoints.of(1), "round-1");
    assertThatThrownBy(() -> store.publish(Checkpoints.of(2), "round-1"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("expected a new name");
    assertThat(store.latest()).contains(Checkpoints.of(1));
  }

  @Test
  void aNameThatLeadsOutOfTheFolderIsNotPublished() {
    for (String name : List.of("..", "a/b", "/a", ".hidden", "", "a\nb", "a:b")) {
      assertThatThrownBy(() -> store.publish(Checkpoints.of(1), name))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private Path folder(String name) {
    return run.resolve("checkpoints").resolve(name);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> names = Files.list(run.resolve("checkpoints"))) {
      return names.map(path -> path.getFileName().toString()).toList();
    }
  }

  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> !f.toString().endsWith(".crc")).toList()) {
        contents.put(file.getFileName().toString(), Files.readString(file, ISO_8859_1));
      }
    }
    return contents;
  }
}
