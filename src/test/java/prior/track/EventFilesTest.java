package prior.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes are compared with those of TensorBoard's own writer, see make_events.py. */
class EventFilesTest {
  @TempDir private Path folder;

  private static Measurement at(long step) {
    return new Measurement(step, step, 1_700_000_000_000L + step, Map.of("train/loss", 1.0 / step));
  }

  private static Map<String, Double> values(Object... namesAndValues) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], (Double) namesAndValues[i + 1]);
    }
    return values;
  }

  private EventFiles open(long step) throws IOException {
    FileSystem fs = FileSystem.getLocal(new Configuration());
    return new EventFiles(
        new Tracking.Run(fs, new org.apache.hadoop.fs.Path(folder.toUri()), step, Map.of()), step);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("tensorboard"))) {
      return files.sorted().toList();
    }
  }

  private List<Long> steps() throws IOException {
    FileSystem fs = FileSystem.getLocal(new Configuration()).getRaw();
    return EventSteps.of(fs, new org.apache.hadoop.fs.Path(folder.toUri()));
  }

  @Test
  void recordsAreTheBytesOfTensorBoardsOwnWriter() throws IOException {
    ByteArrayOutputStream ours = new ByteArrayOutputStream();
    ours.write(EventRecord.version(1_700_000_000_250L));
    ours.write(
        EventRecord.scalars(
            new Measurement(
                1,
                2,
                1_700_000_001_500L,
                values(
                    "train/loss",
                    0.5,
                    "train/grad_norm",
                    Double.NaN,
                    "validation/ema/größe",
                    -3.0e-7))));
    ours.write(
        EventRecord.scalars(
            new Measurement(
                2,
                3_000_000_000L,
                1_700_000_002_000L,
                values("train/loss", 0.0, "train/lr", Double.POSITIVE_INFINITY))));
    ours.write(EventRecord.restart(1_700_000_003_000L, 301));
    try (InputStream theirs = getClass().getResourceAsStream("/track/scalars.tfevents")) {
      assertThat(ours.toByteArray()).isEqualTo(theirs.readAllBytes());
    }
  }

  @Test
  void whatWasTrackedIsInTheFileBeforeItIsClosed() throws IOException {
    try (EventFiles events = open(0)) {
      events.track(List.of(at(2), at(4)));
      assertThat(steps()).containsExactly(2L, 4L);
    }
  }

  @Test
  void aRunThatGoesOnHasEachStepOnce() throws IOException {
    try (EventFiles events = open(0)) {
      events.track(List.of(at(2), at(4), at(6), at(8)));
    }
    try (EventFiles events = open(4)) {
      events.track(List.of(at(6), at(8), at(10)));
    }
    assertThat(steps()).containsExactly(2L, 4L, /* restart */ 5L, 6L, 8L, 10L);
    try (EventFiles events = open(2)) {
      events.track(List.of(at(4)));
    }
    assertThat(steps()).containsExactly(2L, /* restart */ 3L, 4L);
  }

  @Test
  void aFileCutAnywhereByAKillGoesOnAfterItsLastWholeRecord() throws IOException {
    try (EventFiles events = open(0)) {
      events.track(List.of(at(2), at(4)));
    }
    byte[] whole = Files.readAllBytes(files().get(0));
    int one = EventRecord.scalars(at(4)).length;
    for (int length = whole.length - one; length < whole.length; length++) {
      for (Path file : files()) {
        Files.delete(file);
      }
      Files.write(
          folder.resolve("tensorboard/events.out.tfevents.000001"), Arrays.copyOf(whole, length));
      try (EventFiles events = open(4)) {
        events.track(List.of(at(6)));
      }
      assertThat(steps()).as("cut to " + length).containsExactly(2L, 5L, 6L);
      assertThat(Files.size(files().get(0))).isEqualTo(whole.length - one);
    }
  }

  /** TensorBoard takes each file whose name contains "tfevents" for one of events. */
  @Test
  void nothingButEventFilesLiesInTheFolder() throws IOException {
    for (long step : new long[] {0, 2}) {
      try (EventFiles events = open(step)) {
        events.track(List.of(at(step + 2), at(step + 4)));
      }
    }
    assertThat(files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly("events.out.tfevents.000001", "events.out.tfevents.000002");
  }
}
