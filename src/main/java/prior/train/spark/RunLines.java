package prior.train.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.DataFaults;
import prior.data.spark.TextFile;

/**
 * A run's file of one JSON object a line. Written whole each time, since not every file system can
 * append.
 */
final class RunLines {
  private final FileSystem fs;
  private final Path file;
  private final List<String> lines = new ArrayList<>();

  /** Keeps the lines that hold for where the run goes on; the others are of what is done again. */
  RunLines(FileSystem fs, Path file, Predicate<String> kept) {
    this.fs = fs;
    this.file = file;
    try {
      if (fs.exists(file)) {
        List<String> found = new ArrayList<>();
        TextFile.lines(fs, file, found::add);
        found.stream().filter(kept).forEach(lines::add);
        if (lines.size() < found.size()) {
          write();
        }
      }
    } catch (IOException e) {
      throw DataFaults.storage("read", file.toString(), e);
    }
  }

  List<String> all() {
    return List.copyOf(lines);
  }

  void add(String line) {
    lines.add(line);
    write();
  }

  private void write() {
    try {
      TextFile.write(fs, file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw DataFaults.storage("write", file.toString(), e);
    }
  }
}
