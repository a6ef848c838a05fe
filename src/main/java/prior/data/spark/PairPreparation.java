package prior.data.spark;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import prior.data.DataFaults;
import prior.data.Split;
import prior.fault.UserFault;

/**
 * Turns embeddings as clip-retrieval writes them, or any Parquet with both vectors, into training
 * data: OUTPUT/{train,val,test}/part-*.parquet and OUTPUT/_stats.json.
 *
 * <p>Rows are paired by shard and position, checked, split by the hash of their key, shuffled by
 * the seed and written in row groups of a stated number of rows. The same input and settings give
 * the same files on any cluster. The driver reads headers and footers only. Nothing can be seen at
 * OUTPUT until everything is there.
 */
public final class PairPreparation {
  private static final String STATS_FILE = "_stats.json";

  private final SparkSession spark;
  private final Configuration conf;
  private final Preparation what;

  private PairPreparation(SparkSession spark, Preparation what) {
    this.spark = spark;
    this.conf = spark.sparkContext().hadoopConfiguration();
    this.what = what;
  }

  /**
   * Prepares pairs.
   *
   * @throws UserFault naming file and row, where the data is broken and may not or must not be
   *     skipped; naming the output, where it exists
   */
  public static PreparedStatistics run(SparkSession spark, Preparation what) {
    return new PairPreparation(spark, what).run();
  }

  private PreparedStatistics run() {
    refuseOverlap();
    try (StagedFolder folder = new StagedFolder(conf, what.output(), what.overwrite())) {
      PairSource source = source();
      SkippedRows skipped = new SkippedRows(what, source.refusals());
      PreparedStatistics statistics = write(source, skipped, folder.path());
      folder.publish();
      return statistics;
    } catch (IOException e) {
      throw DataFaults.storage("write", what.output(), e);
    }
  }

  private PairSource source() {
    PairSource source =
        ClipFolder.isOne(conf, what.input())
            ? ClipFolder.find(conf, what.input())
            : ParquetTables.find(conf, what.input(), what.columns());
    if (source.tables().isEmpty()) {
      throw source.refusals().stream()
          .findFirst()
          .map(Refusal::asFault)
          .orElseGet(
              () -> DataFaults.unreadable(what.input(), "nothing to prepare", "pairs", "no rows"));
    }
    return source;
  }

  private PreparedStatistics write(PairSource source, SkippedRows skipped, Path folder)
      throws IOException {
    Dataset<Row> rows = rows(source);
    StructType kept = keptColumns(rows);
    Buckets buckets = Buckets.of(what, source.rows());
    WriteBuckets writer = new WriteBuckets(conf, target(source, folder), buckets, kept);
    spark
        .sparkContext()
        .setJobDescription("prepare " + source.rows() + " pairs of " + what.input());
    List<WrittenFile> written = run(placed(rows, source, kept, buckets), writer);
    FileSystem fs = folder.getFileSystem(conf);
    Map<String, Long> reasons = skipped.publish(fs, folder);
    PreparedStatistics statistics = PreparedStatistics.of(written, buckets, reasons, what, source);
    for (Split split : Split.values()) {
      if (statistics.files().get(split) == 0) {
        writer.writeEmpty(split.folder() + "/part-00000.parquet");
      }
    }
    fs.delete(new Path(folder, "_attempts"), true);
    TextFile.write(fs, new Path(folder, STATS_FILE), statistics.asJson());
    return statistics;
  }

  /** All rows of the tables without their vectors, with table and row within it. */
  private Dataset<Row> rows(PairSource source) {
    String[] files = source.tables().stream().map(PairSource.Table::file).toArray(String[]::new);
    Dataset<Row> tables = spark.read().option("mergeSchema", "true").parquet(escaped(files));
    StructType kept = PairSchema.kept(tables.schema(), source.vectorColumns());
    Column[] columns = new Column[kept.size() + 2];
    for (int i = 0; i < kept.size(); i++) {
      columns[i] = col("`" + kept.apply(i).name().replace("`", "``") + "`");
    }
    columns[kept.size()] = col("_metadata.file_path").as(PairSchema.TABLE);
    columns[kept.size() + 1] = col("_metadata.row_index").as(PairSchema.ROW);
    return tables.select(columns);
  }

  /** Names of files are taken literally, though Spark reads paths as patterns. */
  private static String[] escaped(String[] files) {
    String[] escaped = files.clone();
    for (int i = 0; i < escaped.length; i++) {
      escaped[i] = escaped[i].replaceAll("([\\\\*?\\[\\]{}])", "\\\\$1");
    }
    return escaped;
  }

  private static StructType keptColumns(Dataset<Row> rows) {
    StructType all = rows.schema();
    return new StructType(Arrays.copyOf(all.fields(), all.size() - 2));
  }

  private Dataset<Row> placed(
      Dataset<Row> rows, PairSource source, StructType kept, Buckets buckets) {
    PairUp.Rules rules =
        new PairUp.Rules(
            source.root(),
            what.columns().key().map(key -> KeyColumn.index(what.input(), kept, key)).orElse(-1),
            source.textWidth(),
            source.imageWidth(),
            what.valFraction(),
            what.testFraction(),
            what.seed(),
            what.skipBadRows(),
            what.maxBadRows());
    return rows.mapPartitions(
            new PairUp(conf, source.vectors(), rules, buckets),
            Encoders.row(PairSchema.moving(kept)))
        .repartition(buckets.count(), col(PairSchema.PLACE))
        .sortWithinPartitions(PairSchema.BUCKET, PairSchema.RANK, PairSchema.TABLE, PairSchema.ROW);
  }

  private List<WrittenFile> run(Dataset<Row> rows, WriteBuckets writer) {
    try {
      return rows.queryExecution().toRdd().toJavaRDD().mapPartitions(writer).collect();
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      throw SparkFailure.cause(e);
    } finally {
      spark.sparkContext().setJobDescription(null);
    }
  }

  private WriteBuckets.Target target(PairSource source, Path folder) {
    return new WriteBuckets.Target(
        folder.toString(),
        what.clip(),
        source.textWidth(),
        source.imageWidth(),
        what.rowsPerGroup());
  }

  /** Replacing a folder that holds the input would destroy it. */
  private void refuseOverlap() {
    String input = ParquetFiles.qualified(conf, what.input()) + "/";
    String output = ParquetFiles.qualified(conf, what.output()) + "/";
    if (input.startsWith(output) || output.startsWith(input)) {
      throw UserFault.usage(
          "Cannot prepare pairs: output and input overlap, expected separate folders, found "
              + what.output()
              + " and "
              + what.input());
    }
  }
}
