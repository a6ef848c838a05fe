package prior.infer.spark;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.types.StructType;
import prior.data.RowFault;
import prior.data.spark.Json;

/**
 * Writes the files of one attempt at a unit, under names of that attempt alone: what an attempt
 * leaves that does not count is never seen.
 */
final class UnitFiles implements Closeable, BadRows {

  /**
   * Where and how.
   *
   * @param factory Spark's writer of Parquet
   * @param run letters that no other job's files have
   * @param start letters that no other start of the job has
   * @param rowsPerText rows written for a row that is read
   */
  record Target(
      OutputWriterFactory factory,
      StructType schema,
      String folder,
      String run,
      String start,
      int rowsPerFile,
      int rowsPerText)
      implements Serializable {}

  private final Target target;
  private final TaskAttemptContextImpl context;
  private final String attempt;
  private final int unit;
  private final FileSystem fs;
  private final List<DoneUnit.Part> parts = new ArrayList<>();
  private OutputWriter writer;
  private String name;
  private long rows;
  private BufferedWriter skips;
  private long skipped;

  /**
   * @param attempt that no other of this start has
   */
  UnitFiles(Target target, Configuration conf, int unit, long attempt) throws IOException {
    this.target = target;
    this.context =
        new TaskAttemptContextImpl(conf, new TaskAttemptID("prior", 0, TaskType.MAP, unit, 0));
    this.unit = unit;
    this.attempt = target.start() + "." + attempt;
    this.fs = new Path(target.folder()).getFileSystem(conf);
  }

  void write(InternalRow row) throws IOException {
    if (writer == null) {
      String number = "part-%06d-%03d-%s".formatted(unit, parts.size(), target.run());
      name = number + target.factory().getFileExtension(context);
      writer = target.factory().newInstance(path(name).toString(), target.schema(), context);
    }
    writer.write(row);
    rows++;
    if (rows == target.rowsPerFile()) {
      endFile();
    }
  }

  /** Closes a file, and reads back what lies there. */
  private void endFile() throws IOException {
    writer.close();
    writer = null;
    Path path = path(name);
    long found;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, context.getConfiguration()))) {
      found = reader.getRecordCount();
    }
    if (found != rows) {
      throw new IOException("wrote " + rows + " rows to " + path + ", found " + found);
    }
    parts.add(
        new DoneUnit.Part(
            path.getName(), name, rows, fs.getFileStatus(path).getLen(), Fingerprint.of(fs, path)));
    rows = 0;
  }

  @Override
  public void met(String file, String key, RowFault fault) throws IOException {
    if (skips == null) {
      skips =
          new BufferedWriter(
              new OutputStreamWriter(fs.create(skipsPath()), StandardCharsets.UTF_8));
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("file", file);
    line.put("key", key);
    line.put("reason", fault.kind().words());
    line.put("in", fault.what());
    line.put("expected", fault.expected());
    line.put("found", fault.found());
    skips.write(Json.line(line) + "\n");
    skipped++;
  }

  /**
   * Ends the attempt.
   *
   * @param read rows that it was given
   */
  DoneUnit done(long read, double seconds) throws IOException {
    if (writer != null) {
      endFile();
    }
    String list = skips == null ? null : skipsPath().getName();
    if (skips != null) {
      skips.close();
      skips = null;
    }
    long written = parts.stream().mapToLong(DoneUnit.Part::rows).sum();
    if (written != (read - skipped) * target.rowsPerText()) {
      throw new IOException(
          "read %d rows, wrote %d (%d of each) and skipped %d"
              .formatted(read, written, target.rowsPerText(), skipped));
    }
    return new DoneUnit(unit, read, skipped, list, seconds, List.copyOf(parts));
  }

  private Path skipsPath() {
    return path("skipped-%06d.jsonl".formatted(unit));
  }

  private Path path(String published) {
    return new Path(target.folder(), attempt + "-" + published);
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
    if (skips != null) {
      skips.close();
    }
  }
}
