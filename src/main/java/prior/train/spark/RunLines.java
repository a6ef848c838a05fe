package prior.train.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.checkpoint.HadoopLocation;
import prior.checkpoint.ReplacedFile;
import prior.data.DataFaults;
import prior.data.spark.Json;
import prior.data.spark.TextFile;

/**
 * A run's file of one JSON object a line. Written whole each time, since not every file system can
 * append.
 */
final class RunLines {
  private final Path file;
  private final ReplacedFile replaced;
  private final List<String> lines = new ArrayList<>();

  /** Keeps the lines that hold for where the run goes on; the others are of what is done again. */
  RunLines(FileSystem fs, Path file, Predicate<String> kept) {
    this.file = file;
    this.replaced = new ReplacedFile(new HadoopLocation(fs, file.getParent()), file.getName());
    Path unfinished = new Path(file.getParent(), ReplacedFile.unfinished(file.getName()));
    try {
      List<String> found = new ArrayList<>();
      if (fs.exists(file)) {
        TextFile.lines(fs, file, found::add);
      } else if (fs.exists(unfinished)) {
        TextFile.lines(fs, unfinished, found::add);
      }
      found.stream().filter(Json::isWhole).filter(kept).forEach(lines::add);
      if (lines.size() < found.size()) {
        write();
      }
    } catch (IOException e) {
      throw DataFaults.storage("read", file.toString(), e);
    }
  }

  /** A file whose lines are of rounds, up to the last that counts. */
  static RunLines ofRounds(FileSystem fs, Path file, long rounds) {
    return new RunLines(fs, file, line -> Json.number(line, "/round") <= rounds);
  }

  List<String> all() {
    return List.copyOf(lines);
  }

  void add(String line) {
    lines.add(line);
    write();
  }

  private void write() {
    String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    try {
      replaced.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw DataFaults.storage("write", file.toString(), e);
    }
  }
}
