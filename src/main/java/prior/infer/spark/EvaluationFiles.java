package prior.infer.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.checkpoint.PlainJson;
import prior.data.spark.TextFile;
import prior.infer.EvalReport;
import prior.infer.HeldOutLoss;

/** Writes an evaluation: each part as JSON, and the tables of all. */
final class EvaluationFiles {
  private final FileSystem fs;
  private final Path folder;
  private final List<String> tables = new ArrayList<>();

  EvaluationFiles(FileSystem fs, Path folder) {
    this.fs = fs;
    this.folder = folder;
  }

  void add(String name, ObjectNode json, String table) throws IOException {
    String text = new String(PlainJson.bytes(json), StandardCharsets.UTF_8);
    TextFile.write(fs, new Path(folder, name + ".json"), text);
    tables.add(table);
  }

  /**
   * Adds a report.
   *
   * @param loss null where it was not asked for
   */
  void add(String name, EvalReport report, HeldOutLoss loss) throws IOException {
    ObjectNode json = report.json();
    if (loss != null) {
      loss.addTo(json);
    }
    add(name, json, report.table() + (loss == null ? "" : loss.table()));
  }

  /** All tables, which are written too. */
  String tables() throws IOException {
    String all = String.join("\n", tables);
    TextFile.write(fs, new Path(folder, "evaluation.txt"), all);
    return all;
  }
}
