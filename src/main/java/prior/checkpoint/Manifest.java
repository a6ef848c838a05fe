package prior.checkpoint;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.data.DataFaults;

/** What a checkpoint folder holds: length and SHA-256 of each file, by name. */
record Manifest(SortedMap<String, Entry> files) {
  static final String FILE_NAME = "manifest.json";
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /**
   * @param bytes the file's length
   * @param sha256 in lower-case hexadecimal
   */
  record Entry(long bytes, String sha256) {}

  Manifest {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  byte[] text() {
    ObjectNode root = PlainJson.object();
    ObjectNode listed = root.putObject("files");
    files.forEach(
        (name, entry) ->
            listed.putObject(name).put("bytes", entry.bytes()).put("sha256", entry.sha256()));
    root.put("format_version", Progress.FORMAT);
    return PlainJson.bytes(root);
  }

  /** Takes only plain names, and every file that a checkpoint cannot do without. */
  static Manifest parse(String file, byte[] text) {
    JsonNode root = PlainJson.parse(file, text);
    PlainJson.checkFormat(file, root);
    SortedMap<String, Entry> files = new TreeMap<>();
    Iterator<Map.Entry<String, JsonNode>> members = root.path("files").fields();
    while (members.hasNext()) {
      Map.Entry<String, JsonNode> member = members.next();
      files.put(SafeName.of(member.getKey(), file), entry(file, member.getValue()));
    }
    for (CheckpointFile needed : CheckpointFile.values()) {
      if (needed.required() && !files.containsKey(needed.fileName())) {
        throw DataFaults.unreadable(
            file, "a file is not listed", needed.fileName(), files.keySet());
      }
    }
    return new Manifest(files);
  }

  private static Entry entry(String file, JsonNode node) {
    String digest = PlainJson.text(file, node, "sha256");
    long bytes = PlainJson.number(file, node, "bytes");
    if (bytes < 0 || !DIGEST.matcher(digest).matches()) {
      throw DataFaults.unreadable(
          file,
          "an entry cannot be used",
          "bytes of 0 or more and 64 hexadecimal digits",
          Shown.text(node.toString()));
    }
    return new Entry(bytes, digest);
  }

  /** Whether the checkpoint has this file. */
  boolean lists(CheckpointFile file) {
    return files.containsKey(file.fileName());
  }
}
