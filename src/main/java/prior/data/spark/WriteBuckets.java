package prior.data.spark;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import prior.data.DataFaults;
import prior.data.PairStatistics;

/** Writes each bucket of a partition, whose rows come in order of bucket and rank, to its file. */
final class WriteBuckets implements FlatMapFunction<Iterator<InternalRow>, WrittenFile> {
  private static final long serialVersionUID = 1;
  private static final int PAGE_BYTES = 1 << 20;

  /** Where the list of broken rows is written, below the output folder. */
  static final String BROKEN_FILE = "_broken_rows.jsonl";

  private final SerializableConfiguration conf;
  private final Target target;
  private final Buckets buckets;
  private final StructType moving;

  WriteBuckets(Configuration conf, Target target, Buckets buckets, StructType kept) {
    Configuration own = new Configuration(conf);
    ParquetWriteSupport.setSchema(PairSchema.written(kept, target.textWidth()), own);
    own.set("spark.sql.parquet.writeLegacyFormat", "false");
    own.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    own.set("spark.sql.parquet.fieldId.write.enabled", "false");
    this.conf = new SerializableConfiguration(own);
    this.target = target;
    this.buckets = buckets;
    this.moving = PairSchema.moving(kept);
  }

  /** Where and how to write, in plain values. */
  record Target(String folder, String clip, int textWidth, int imageWidth, int rowsPerGroup)
      implements Serializable {}

  @Override
  public Iterator<WrittenFile> call(Iterator<InternalRow> rows) {
    List<WrittenFile> files = new ArrayList<>();
    BucketRows ahead = new BucketRows(rows);
    while (ahead.hasBucket()) {
      int bucket = ahead.startBucket();
      String name = bucket == Buckets.BROKEN ? BROKEN_FILE : buckets.file(bucket);
      try {
        files.add(publish(bucket, ahead, name));
      } catch (IOException e) {
        throw DataFaults.storage("write", target.folder() + "/" + name, e);
      }
    }
    return files.iterator();
  }

  /** Writes under the name of this attempt, then renames: of two attempts, one file stays. */
  private WrittenFile publish(int bucket, BucketRows rows, String name) throws IOException {
    Path goal = new Path(target.folder(), name);
    FileSystem fs = goal.getFileSystem(conf.value());
    String attempt = "_attempts/" + bucket + "-" + TaskContext.get().taskAttemptId();
    Path own = new Path(target.folder(), attempt);
    WrittenFile written =
        bucket == Buckets.BROKEN ? list(bucket, rows, fs, own) : write(bucket, rows, own);
    fs.mkdirs(goal.getParent());
    fs.delete(goal, false);
    if (!fs.rename(own, goal)) {
      throw new IOException("the finished file could not be renamed");
    }
    return written;
  }

  private WrittenFile write(int bucket, BucketRows rows, Path path) throws IOException {
    PairStatistics statistics = new PairStatistics(target.textWidth(), target.imageWidth());
    PairRow pair = new PairRow(moving, target.textWidth(), target.imageWidth());
    try (ExactRowGroups<InternalRow> file = open(path)) {
      while (rows.hasNext()) {
        file.write(pair.of(rows.next()));
        statistics.add(pair.text(), pair.image());
      }
      file.describe(metadata(statistics));
    }
    return new WrittenFile(bucket, statistics.rows(), statistics);
  }

  /** A file without rows, so that the folder of an empty split can be read. */
  void writeEmpty(String name) throws IOException {
    try (ExactRowGroups<InternalRow> file = open(new Path(target.folder(), name))) {
      file.describe(metadata(new PairStatistics(target.textWidth(), target.imageWidth())));
    }
  }

  private Map<String, String> metadata(PairStatistics pairs) {
    return PairMetadata.of(
        target.clip(), pairs, target.textWidth(), target.imageWidth(), target.rowsPerGroup());
  }

  /** Vectors are never dictionary-coded: their numbers hardly repeat. */
  private ExactRowGroups<InternalRow> open(Path path) throws IOException {
    ParquetProperties properties =
        ParquetProperties.builder()
            .withPageSize(PAGE_BYTES)
            .withDictionaryEncoding("text_embedding.list.element", false)
            .withDictionaryEncoding("image_embedding.list.element", false)
            .build();
    return new ExactRowGroups<>(
        conf.value(), path, new ParquetWriteSupport(), properties, target.rowsPerGroup());
  }

  private static WrittenFile list(int bucket, BucketRows rows, FileSystem fs, Path path)
      throws IOException {
    long lines = 0;
    try (BufferedWriter out =
        new BufferedWriter(new OutputStreamWriter(fs.create(path), StandardCharsets.UTF_8))) {
      while (rows.hasNext()) {
        out.write(rows.next().getUTF8String(PairSchema.KEY - 1).toString());
        out.write('\n');
        lines++;
      }
    }
    return new WrittenFile(bucket, lines, new PairStatistics(0, 0));
  }
}
