package prior.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.spark.TextFile;

/** A file with a JSON object on each line; lines that are none, as a broken last one, count not. */
final class JsonLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final FileSystem fs;
  private final Path file;
  private final long count;

  /** The lines of a file, none where there is no file. */
  JsonLines(FileSystem fs, Path file) throws IOException {
    this.fs = fs;
    this.file = file;
    AtomicLong lines = new AtomicLong();
    read(line -> lines.incrementAndGet());
    this.count = lines.get();
  }

  long count() {
    return count;
  }

  /**
   * The lines in their order, thinned to a number at most; no more than those are held.
   *
   * @param scores what a line must be greatest in, within its stretch of the file, to be kept
   * @param each sees every line
   */
  List<JsonNode> thinned(int most, List<ToDoubleFunction<JsonNode>> scores, Consumer<JsonNode> each)
      throws IOException {
    List<JsonNode> all = new ArrayList<>();
    Thinning thinning = new Thinning(count, most, scores, all::add);
    read(
        line -> {
          each.accept(line);
          thinning.add(line);
        });
    thinning.end();
    return all;
  }

  private void read(Consumer<JsonNode> each) throws IOException {
    if (fs.exists(file)) {
      TextFile.lines(fs, file, line -> parsed(line).ifPresent(each));
    }
  }

  private static Optional<JsonNode> parsed(String line) {
    try {
      return Optional.ofNullable(MAPPER.readTree(line)).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
