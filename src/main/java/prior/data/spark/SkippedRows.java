package prior.data.spark;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Keeps the policy on bad rows, and makes the list of those that were left out. */
final class SkippedRows {
  static final String FILE = "_skipped.jsonl";

  private final Preparation what;
  private final List<Refusal> files;
  private final Map<String, Long> reasons = new TreeMap<>();
  private long rows;

  /** Refused files end the work at once, unless they may be skipped. */
  SkippedRows(Preparation what, List<Refusal> files) {
    this.what = what;
    this.files = files;
    if (!what.skipBadRows() && !files.isEmpty()) {
      throw files.get(0).asFault();
    }
    files.forEach(file -> count(file.fault().kind().words(), file.rows()));
    refuseTooMany();
  }

  /**
   * Writes the list: whole files first, then the rows that the tasks left out.
   *
   * @return rows left out, by reason
   */
  Map<String, Long> publish(FileSystem fs, Path folder) throws IOException {
    if (!what.skipBadRows()) {
      return reasons;
    }
    Path broken = new Path(folder, WriteBuckets.BROKEN_FILE);
    try (PrintWriter out =
        new PrintWriter(fs.create(new Path(folder, FILE)), false, StandardCharsets.UTF_8)) {
      files.forEach(file -> out.print(file.asJson() + "\n"));
      if (fs.exists(broken)) {
        TextFile.lines(
            fs,
            broken,
            line -> {
              out.print(line + "\n");
              count(Json.text(line, "reason"), 1);
            });
      }
      if (out.checkError()) {
        throw new IOException("the list of skipped rows could not be written");
      }
    }
    fs.delete(broken, false);
    refuseTooMany();
    return reasons;
  }

  private void count(String reason, long more) {
    reasons.merge(reason, more, Long::sum);
    rows += more;
  }

  private void refuseTooMany() {
    if (rows > what.maxBadRows()) {
      throw PairUp.tooMany(what.maxBadRows(), rows + " " + reasons);
    }
  }
}
