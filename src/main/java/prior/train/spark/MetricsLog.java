package prior.train.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.DataFaults;
import prior.data.spark.TextFile;

/**
 * The run's {@code metrics.jsonl}: one line for each round. Written whole each time, since not
 * every file system can append.
 */
final class MetricsLog {
  private final FileSystem fs;
  private final Path file;
  private final List<String> lines = new ArrayList<>();

  /** Keeps the lines of the rounds before {@code rounds}: what came after is done again. */
  MetricsLog(FileSystem fs, Path run, long rounds) {
    this.fs = fs;
    this.file = new Path(run, "metrics.jsonl");
    try {
      if (rounds > 0 && fs.exists(file)) {
        TextFile.lines(fs, file, lines::add);
      }
    } catch (IOException e) {
      throw DataFaults.storage("read", file.toString(), e);
    }
    while (lines.size() > rounds) {
      lines.remove(lines.size() - 1);
    }
  }

  void add(RoundMetrics metrics) {
    lines.add(metrics.json());
  }

  void write() {
    try {
      TextFile.write(fs, file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw DataFaults.storage("write", file.toString(), e);
    }
  }
}
