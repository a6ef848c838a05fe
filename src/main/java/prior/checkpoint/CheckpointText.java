package prior.checkpoint;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.data.DataFaults;

/** Progress and facts as JSON with sorted keys. */
final class CheckpointText {
  private CheckpointText() {}

  static byte[] of(Progress progress) {
    ObjectNode root = PlainJson.object();
    root.put("epoch", progress.epoch());
    root.put("examples_seen", progress.examplesSeen());
    root.put("format_version", progress.formatVersion());
    root.put("next_batch", progress.nextBatch());
    root.put("round", progress.round());
    root.put("seed", progress.seed());
    root.put("step", progress.step());
    root.put("workers", progress.workers());
    return PlainJson.bytes(root);
  }

  static Progress progress(String file, byte[] text) {
    JsonNode root = PlainJson.parse(file, text);
    PlainJson.checkFormat(file, root);
    try {
      return new Progress(
          Progress.FORMAT,
          PlainJson.number(file, root, "round"),
          PlainJson.number(file, root, "step"),
          PlainJson.number(file, root, "epoch"),
          PlainJson.number(file, root, "next_batch"),
          PlainJson.number(file, root, "examples_seen"),
          PlainJson.number(file, root, "seed"),
          Math.toIntExact(PlainJson.number(file, root, "workers")));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw DataFaults.unreadable(
          file, "a number is out of range", "a run's progress", e.getMessage());
    }
  }

  static byte[] of(Map<String, String> facts) {
    ObjectNode root = PlainJson.object();
    new TreeMap<>(facts).forEach(root::put);
    return PlainJson.bytes(root);
  }

  static Map<String, String> facts(String file, byte[] text) {
    JsonNode root = PlainJson.parse(file, text);
    Map<String, String> facts = new TreeMap<>();
    Iterator<String> names = root.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      facts.put(name, PlainJson.text(file, root, name));
    }
    return facts;
  }
}
