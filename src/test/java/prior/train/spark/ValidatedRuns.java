package prior.train.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import prior.validate.spark.PairValidation;

/** Small runs with validation, and what they leave. */
final class ValidatedRuns {
  private final JavaSparkContext spark;
  private final Path data;

  ValidatedRuns(JavaSparkContext spark, Path data) {
    this.spark = spark;
    this.data = data;
  }

  /** A run of 6 rounds, measured after each, whose checkpoints all stay. */
  Path train(Path run, String... sets) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "data.val=" + data.resolve("val"),
                "validation.every_rounds=1",
                "validation.steps=[5]",
                "train.keep_last=100"));
    all.addAll(List.of(sets));
    PriorTraining.run(
        spark,
        SmallRuns.settings(data, all.toArray(String[]::new)),
        run.toString(),
        RunFolder.Mode.RESUME,
        Optional.of(PairValidation::open));
    return run;
  }

  static List<JsonNode> lines(Path run, String file) {
    try {
      List<JsonNode> lines = new ArrayList<>();
      for (String line : Files.readAllLines(run.resolve(file))) {
        lines.add(new ObjectMapper().readTree(line));
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Validations without the seconds they took. */
  static List<JsonNode> validations(Path run) {
    List<JsonNode> lines = lines(run, "validation.jsonl");
    lines.forEach(line -> ((ObjectNode) line).remove("seconds"));
    return lines;
  }

  static String pointer(Path run, String name) {
    try {
      Path file = run.resolve(name);
      return Files.exists(file) ? Files.readString(file).strip() : "none";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All bytes of the checkpoint that a pointer names. */
  static TreeMap<String, String> checkpoint(Path run, String pointer) {
    return SmallRuns.bytes(run.resolve("checkpoints").resolve(pointer(run, pointer)));
  }

  /** A copy of a run as a kill before the checkpoint after a round would have left it. */
  static Path killedAfter(int round, Path whole, Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(whole)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(whole.relativize(file).toString()));
      }
    }
    String last = "round-%08d".formatted(round);
    for (Path checkpoint : checkpoints(copy)) {
      if (checkpoint.getFileName().toString().compareTo(last) > 0) {
        delete(checkpoint);
      }
    }
    Files.deleteIfExists(copy.resolve(".LATEST.crc"));
    Files.deleteIfExists(copy.resolve("LATEST"));
    if (round > 0) {
      Files.writeString(copy.resolve("LATEST"), last + "\n");
    }
    return copy;
  }

  static List<Path> checkpoints(Path run) throws IOException {
    try (Stream<Path> found = Files.list(run.resolve("checkpoints"))) {
      return found.sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
