package prior.infer.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.input_file_name;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import prior.data.spark.ClipTexts;
import prior.data.spark.ParquetInput;
import prior.data.spark.TextFacts;
import prior.data.spark.TextTables;
import prior.fault.UserFault;
import prior.infer.TrainedPrior;

/**
 * Texts to predict from, looked at before any is read.
 *
 * @param rows the input's own columns, then the row's file and, where vectors lie in files of their
 *     own, the row's number in it
 * @param kept how many columns are the input's own
 * @param vectors null where they lie in the rows
 */
record InferInput(Dataset<Row> rows, int kept, ClipTexts vectors, TextFacts facts) {
  private static final String FILE_NAME = "__input_file";
  private static final String UNKNOWN = "unknown";
  private static final String ROW_NUMBER = "__input_row";

  /** Opens an input for a model, or says why the two do not fit. */
  static InferInput open(SparkSession spark, String input, TrainedPrior model) {
    Configuration conf = spark.sparkContext().hadoopConfiguration();
    int width = model.settings().prior().textDim();
    String column = width == 0 ? null : model.settings().data().columns().textEmbedding();
    InferInput found;
    if (input.startsWith(InferRequest.TABLE)) {
      found = table(spark, conf, input.substring(InferRequest.TABLE.length()), column, width);
    } else if (ClipTexts.isOne(conf, input)) {
      found = clip(spark, conf, input, width);
    } else {
      TextTables tables = TextTables.find(conf, input);
      TextFacts facts = tables.look(column, width).or(conf, input); // Spark fails on some footers
      Dataset<Row> rows = read(() -> reader(spark, input, tables.files()).parquet(input), input);
      found = of(rows, facts);
    }
    refuseOther(input, found.facts(), model);
    return found;
  }

  /** Refuses texts that are known to be of another kind than the model's. */
  private static void refuseOther(String input, TextFacts texts, TrainedPrior model) {
    if (model.settings().infer().checkClip()) {
      refuse(input, "texts of another CLIP", TrainedPrior.CLIP, texts.clip(), model);
      refuse(
          input, "texts normalised otherwise", TrainedPrior.NORMALISED, texts.normalised(), model);
    }
  }

  private static void refuse(
      String input, String what, String fact, Optional<String> found, TrainedPrior model) {
    String own = model.facts().getOrDefault(fact, UNKNOWN);
    String theirs = found.orElse(UNKNOWN);
    if (!own.equals(UNKNOWN) && !theirs.equals(UNKNOWN) && !own.equals(theirs)) {
      throw UserFault.data(
          ("Cannot predict %s: %s than the model's, expected %s %s, found %s;"
                  + " infer.check_clip = false takes them all the same")
              .formatted(input, what, fact, own, theirs));
    }
  }

  /** Columns and facts of rows whose texts lie in them. */
  static InferInput of(Dataset<Row> rows, TextFacts facts) {
    return new InferInput(
        rows.withColumn(FILE_NAME, input_file_name()), rows.columns().length, null, facts);
  }

  private static InferInput table(
      SparkSession spark, Configuration conf, String name, String column, int width) {
    Dataset<Row> rows = read(() -> spark.table(name), "table " + name);
    List<String> files = Arrays.stream(rows.inputFiles()).sorted().toList();
    boolean parquet =
        !files.isEmpty() && files.stream().allMatch(file -> file.endsWith(".parquet"));
    return of(rows, parquet ? TextTables.of(conf, files).look(column, width) : TextFacts.UNKNOWN);
  }

  private static InferInput clip(SparkSession spark, Configuration conf, String input, int width) {
    ClipTexts vectors = ClipTexts.find(conf, input, width);
    String folder = new Path(input, "metadata").toString();
    Dataset<Row> rows =
        read(() -> spark.read().option("pathGlobFilter", "metadata_*").parquet(folder), folder);
    TextFacts facts = TextTables.find(conf, folder).look(null, width).or(conf, input);
    return new InferInput(
        rows.withColumn(FILE_NAME, col("_metadata.file_path"))
            .withColumn(ROW_NUMBER, col("_metadata.row_index")),
        rows.columns().length,
        vectors,
        facts);
  }

  /** Folders below are read whether they are partitions of a table or not. */
  private static DataFrameReader reader(SparkSession spark, String input, List<String> files) {
    ParquetInput layout = ParquetInput.of(input, files);
    DataFrameReader reader = spark.read();
    for (Map.Entry<String, String> option : layout.options().entrySet()) {
      reader = reader.option(option.getKey(), option.getValue());
    }
    return reader;
  }

  private interface Opening {
    Dataset<Row> open();
  }

  /** Spark tells of paths, tables and layouts it cannot make sense of in several ways. */
  private static Dataset<Row> read(Opening opening, String input) {
    try {
      return opening.open();
    } catch (Exception | AssertionError e) { // Scala throws checked ones unannounced
      if (e instanceof AnalysisException || e instanceof AssertionError) {
        String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        throw UserFault.data("Cannot read " + input + ": expected Parquet, found " + why);
      }
      throw e;
    }
  }
}
