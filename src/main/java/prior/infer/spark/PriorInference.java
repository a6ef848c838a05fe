package prior.infer.spark;

import static org.apache.spark.sql.functions.input_file_name;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.conf.ColumnsConf;
import prior.conf.InferConf;
import prior.conf.Settings;
import prior.data.DataFaults;
import prior.data.spark.Json;
import prior.data.spark.SparkFailure;
import prior.data.spark.StagedFolder;
import prior.data.spark.TextFile;
import prior.fault.UserFault;

/**
 * The work of {@code PriorInferJob}: every row of the input with its predicted image embedding
 * appended, in Parquet, with a manifest. The output appears whole or not at all.
 */
public final class PriorInference {
  private static final Logger LOG = LoggerFactory.getLogger(PriorInference.class);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);
  private static final String FILE_NAME = "__input_file";

  private final SparkSession spark;
  private final TrainedPrior model;
  private final Settings settings;

  PriorInference(SparkSession spark, TrainedPrior model) {
    this.spark = spark;
    this.model = model;
    this.settings = model.settings();
  }

  /**
   * Predicts a whole input.
   *
   * @return what was done, in one sentence
   * @throws UserFault where input or output cannot be used; nothing is left at the output then
   */
  public static String run(
      SparkSession spark, TrainedPrior model, String input, String output, boolean overwrite) {
    try {
      return new PriorInference(spark, model).run(input, output, overwrite);
    } catch (Exception e) { // Scala throws checked ones unannounced
      throw SparkFailure.cause(e);
    }
  }

  private String run(String input, String output, boolean overwrite) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    long started = System.nanoTime();
    try (StagedFolder folder = new StagedFolder(hadoop, output, overwrite)) {
      FileSystem fs = folder.path().getFileSystem(hadoop);
      Path parts = new Path(folder.path(), "parts");
      Dataset<Row> predicted = predictions(read(input));
      new PartitionProgress(BETWEEN_LINES, LOG::info)
          .follow(
              spark.sparkContext(),
              "predicting images of " + input,
              () -> predicted.write().parquet(parts.toString()));
      List<Path> files = publishParts(fs, parts, folder.path());
      long rows = rows(hadoop, files);
      TextFile.write(
          fs, new Path(folder.path(), "_manifest.json"), manifest(input, rows, files.size()));
      TextFile.write(fs, new Path(folder.path(), "_SUCCESS"), "");
      folder.publish();
      double seconds = (System.nanoTime() - started) / 1e9;
      return "predicted %,d rows in %.0f s, %.1f rows/s; in %s"
          .formatted(rows, seconds, rows / seconds, output);
    } catch (IOException e) {
      throw DataFaults.storage("write", output, e);
    }
  }

  /** Spark's own marker is not ours: it would come before the manifest. */
  private static List<Path> publishParts(FileSystem fs, Path parts, Path folder)
      throws IOException {
    List<Path> files = new ArrayList<>();
    for (FileStatus part : fs.listStatus(parts)) {
      Path file = new Path(folder, part.getPath().getName());
      if (file.getName().startsWith("part-")) {
        if (!fs.rename(part.getPath(), file)) {
          throw new IOException("could not rename " + part.getPath());
        }
        files.add(file);
      }
    }
    fs.delete(parts, true);
    return files;
  }

  /** Rows that lie there, by the files' footers. */
  private static long rows(Configuration hadoop, List<Path> files) throws IOException {
    long rows = 0;
    for (Path file : files) {
      try (ParquetFileReader reader =
          ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
        rows += reader.getRecordCount();
      }
    }
    return rows;
  }

  Dataset<Row> read(String input) {
    try {
      return spark.read().parquet(input);
    } catch (Exception e) {
      if (e instanceof AnalysisException) {
        throw UserFault.data(
            "Cannot read " + input + ": expected Parquet, found " + e.getMessage());
      }
      throw e;
    }
  }

  /** The input's rows with the prediction as their last column. */
  Dataset<Row> predictions(Dataset<Row> input) {
    ColumnsConf columns = settings.data().columns();
    InferConf infer = settings.infer();
    if (Arrays.asList(input.columns()).contains(infer.output())) {
      throw UserFault.usage(
          "Cannot write column "
              + infer.output()
              + ": expected a new name in infer.output, found it in"
              + " the input");
    }
    boolean encodings = settings.prior().encodingRows() > 0;
    PartitionPrediction.Cells cells =
        new PartitionPrediction.Cells(
            cell(input, columns.textEmbedding(), "data.columns.text_embedding"),
            encodings ? cell(input, columns.encodings(), "data.columns.text_encodings") : -1,
            columns.key() == null ? -1 : cell(input, columns.key(), "data.columns.key"));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<float[]> weights = context.broadcast(model.weights());
    PartitionPrediction predict =
        new PartitionPrediction(
            UUID.randomUUID().toString(), settings.prior(), infer, cells, weights);
    StructType schema =
        input.schema().add(infer.output(), DataTypes.createArrayType(DataTypes.FloatType, false));
    return input
        .withColumn(FILE_NAME, input_file_name())
        .mapPartitions(predict, Encoders.row(schema));
  }

  private static int cell(Dataset<Row> input, String column, String key) {
    String[] names = input.columns();
    for (int i = 0; i < names.length; i++) {
      if (names[i].equalsIgnoreCase(column)) {
        return i;
      }
    }
    throw UserFault.data(
        "Cannot find the column of %s: expected %s, found %s"
            .formatted(key, column, String.join(", ", names)));
  }

  private String manifest(String input, long rows, int files) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("rows", rows);
    manifest.put("files", files);
    manifest.put("input", input);
    manifest.put("model", model.id());
    manifest.put("config_sha256", model.configHash());
    return Json.page(manifest) + "\n";
  }
}
