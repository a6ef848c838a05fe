package prior.checkpoint;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.nd4j.shade.jackson.databind.JsonNode;
import prior.data.DataFaults;

/**
 * The tensors of one safetensors file, or of several that an index lists. Every header is checked
 * on opening, and with an index that each tensor lies in the file it names and no other does.
 */
public final class TensorFiles implements Closeable {
  private final Map<String, SafetensorsReader> owners = new LinkedHashMap<>();
  private final List<SafetensorsReader> readers = new ArrayList<>();
  private final Location file;

  private TensorFiles(Location file) {
    this.file = file;
  }

  /** Opens one file. */
  public static TensorFiles single(Location file) {
    TensorFiles files = new TensorFiles(file);
    files.add(file);
    return files;
  }

  /**
   * Opens the files beside an index: {@code {"weight_map": {TENSOR: FILE}}}.
   *
   * @throws prior.fault.UserFault of all that index and files disagree on, or of a file's name that
   *     may lead out of the folder
   */
  public static TensorFiles sharded(Location index) {
    Map<String, String> shards = weightMap(index);
    TensorFiles files = new TensorFiles(index);
    try {
      List<String> problems = new ArrayList<>();
      for (String shard : new TreeSet<>(shards.values())) {
        files.compare(shard, shards, problems);
      }
      if (!problems.isEmpty()) {
        throw DataFaults.unreadable(
            index.toString(),
            "it is not the index of its files",
            "each tensor in the file it names",
            "\n  " + String.join("\n  ", problems));
      }
      return files;
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private static Map<String, String> weightMap(Location index) {
    JsonNode map = PlainJson.read(index).path("weight_map");
    Map<String, String> shards = new TreeMap<>();
    map.fieldNames()
        .forEachRemaining(
            tensor -> {
              String shard = PlainJson.text(index.toString(), map, tensor);
              shards.put(tensor, SafeName.of(shard, index.toString()));
            });
    if (shards.isEmpty()) {
      throw DataFaults.unreadable(
          index.toString(), "no tensor is listed", "weight_map of names and files", "none");
    }
    return shards;
  }

  private void compare(String shard, Map<String, String> shards, List<String> problems) {
    SafetensorsReader reader = add(file.sibling(shard));
    TreeSet<String> found = new TreeSet<>();
    reader.entries().forEach(entry -> found.add(entry.name()));
    shards.forEach(
        (tensor, listed) -> {
          if (listed.equals(shard) && !found.contains(tensor)) {
            problems.add(Shown.text(tensor) + ": expected in " + shard + ", found in none");
          }
        });
    for (String tensor : found) {
      String listed = shards.getOrDefault(tensor, "no file");
      if (!listed.equals(shard)) {
        problems.add(Shown.text(tensor) + ": expected in " + listed + ", found in " + shard);
      }
    }
  }

  private SafetensorsReader add(Location location) {
    SafetensorsReader reader = SafetensorsReader.open(location);
    readers.add(reader);
    reader.entries().forEach(entry -> owners.put(entry.name(), reader));
    return reader;
  }

  /** The file, or the index of several. */
  public Location file() {
    return file;
  }

  /** The tensors in the order of files and bytes. */
  public List<TensorEntry> entries() {
    return readers.stream().flatMap(reader -> reader.entries().stream()).toList();
  }

  /** A tensor of real numbers as float32. */
  public Tensor tensor(String name) {
    return owners.get(name).tensor(name);
  }

  @Override
  public void close() {
    readers.forEach(SafetensorsReader::close);
  }
}
