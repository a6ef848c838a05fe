package prior.infer.spark;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import prior.conf.AttributeConf;
import prior.conf.ColumnsConf;
import prior.conf.Settings;
import prior.data.DataFaults;
import prior.data.RowFault;
import prior.data.spark.PreparedFolder;
import prior.data.spark.SparkFailure;
import prior.data.spark.StagedFolder;
import prior.data.spark.TextFile;
import prior.infer.EvalReport;
import prior.infer.Evaluation;
import prior.infer.TrainedPrior;

/**
 * The work of {@code PriorEvalJob}: predicts held-out pairs and measures the predictions; writes
 * {@code evaluation.json} and {@code evaluation.txt}.
 */
public final class PriorEvaluation {
  private final SparkSession spark;
  private final TrainedPrior model;

  private PriorEvaluation(SparkSession spark, TrainedPrior model) {
    this.spark = spark;
    this.model = model.with(model.settings().infer().onePerText());
  }

  /**
   * Evaluates a model.
   *
   * @param input pairs; where they were prepared, the folder's statistics give the mean image
   * @return the table
   */
  public static String run(
      SparkSession spark, TrainedPrior model, String input, String output, boolean overwrite) {
    try {
      return new PriorEvaluation(spark, model).run(input, output, overwrite);
    } catch (Exception e) { // Scala throws checked ones unannounced
      throw SparkFailure.cause(e);
    }
  }

  private String run(String input, String output, boolean overwrite) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (StagedFolder folder = new StagedFolder(hadoop, output, overwrite)) {
      List<Evaluation.Row> rows = rows(input);
      if (rows.size() < 2) {
        throw DataFaults.unreadable(input, "too few pairs to evaluate", "at least 2", rows.size());
      }
      float[] mean = PreparedFolder.meanImage(hadoop, input).orElseGet(() -> meanImage(rows));
      EvalReport report = Evaluation.of(rows, mean);
      FileSystem fs = folder.path().getFileSystem(hadoop);
      TextFile.write(fs, new Path(folder.path(), "evaluation.json"), report.json());
      TextFile.write(fs, new Path(folder.path(), "evaluation.txt"), report.table());
      folder.publish();
      return report.table();
    } catch (IOException e) {
      throw DataFaults.storage("write", output, e);
    }
  }

  private List<Evaluation.Row> rows(String input) {
    Settings settings = model.settings();
    ColumnsConf columns = settings.data().columns();
    InferInput pairs = InferInput.open(spark, input, model);
    String key = columns.key() == null ? text() : columns.key();
    Dataset<Row> chosen =
        pairs
            .rows()
            .select(needed(columns, pairs.rows().columns()))
            .orderBy(col(key).cast("string"))
            .limit(settings.eval().maxRows());
    InferInput texts = InferInput.of(chosen, pairs.facts());
    TextCells cells = TextCells.find(texts.rows().schema(), texts.kept(), null, settings);
    PartitionPrediction predict = PartitionPrediction.of(spark, model, cells);
    StructType written = cells.written(PredictedColumns.of(settings));
    List<Evaluation.Row> rows = new ArrayList<>();
    texts
        .rows()
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitions(part -> predict.start(part, BadRows::fail))
        .collect()
        .forEach(row -> rows.add(row(row, key, written)));
    rows.sort(Comparator.comparing(Evaluation.Row::key));
    return rows;
  }

  /** The column that names a text where there is no key. */
  private String text() {
    ColumnsConf columns = model.settings().data().columns();
    return model.settings().prior().textDim() > 0 ? columns.textEmbedding() : columns.encodings();
  }

  private Evaluation.Row row(InternalRow row, String key, StructType written) {
    Settings settings = model.settings();
    ColumnsConf columns = settings.data().columns();
    int at = index(written, key);
    return new Evaluation.Row(
        String.valueOf(row.get(at, written.apply(at).dataType())),
        settings.prior().textDim() == 0
            ? new float[0]
            : vector(row, written, columns.textEmbedding(), settings.prior().textDim()),
        vector(row, written, columns.imageEmbedding(), settings.prior().imageDim()),
        vector(row, written, settings.infer().output(), settings.prior().imageDim()));
  }

  private Column[] needed(ColumnsConf columns, String[] there) {
    List<Column> needed = new ArrayList<>();
    if (model.settings().prior().textDim() > 0) {
      needed.add(col(columns.textEmbedding()));
    }
    needed.add(col(columns.imageEmbedding()));
    if (columns.key() != null) {
      needed.add(col(columns.key()));
    }
    if (model.settings().prior().encodingRows() > 0) {
      needed.add(col(columns.encodings()));
      if (columns.textMask() != null) {
        needed.add(col(columns.textMask()));
      }
    }
    model.settings().prior().attributes().stream()
        .map(AttributeConf::column)
        .filter(column -> Arrays.stream(there).anyMatch(column::equalsIgnoreCase))
        .forEach(column -> needed.add(col(column)));
    return needed.toArray(Column[]::new);
  }

  private static float[] vector(InternalRow row, StructType written, String column, int dim) {
    int at = index(written, column);
    float[] vector = new float[dim];
    RowFault fault =
        VectorCell.of(column, written.apply(at).dataType(), dim).read(row, at, vector, 0);
    if (fault != null && fault.kind() != RowFault.Kind.ZERO) {
      BadRows.fail("", null, fault);
    }
    return vector;
  }

  private static int index(StructType written, String column) {
    for (int i = 0; i < written.size(); i++) {
      if (written.apply(i).name().equalsIgnoreCase(column)) {
        return i;
      }
    }
    throw new IllegalStateException("no column " + column);
  }

  private static float[] meanImage(List<Evaluation.Row> rows) {
    float[] mean = new float[rows.get(0).image().length];
    for (Evaluation.Row row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row.image()[i] / rows.size();
      }
    }
    return mean;
  }
}
