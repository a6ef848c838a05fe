package prior.infer.spark;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import prior.conf.AttributeConf;
import prior.conf.ColumnsConf;
import prior.conf.InferConf;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.data.RowFault;
import prior.infer.Evaluation;
import prior.infer.Predictor;
import prior.infer.TrainedPrior;

/** Held-out pairs that a model predicts, in as many ways as it is asked to. */
final class PredictedPairs implements AutoCloseable {
  private final SparkSession spark;
  private final TrainedPrior model;
  private final PriorConf prior;
  private final ColumnsConf columns;
  private final String key;
  private final Dataset<Row> chosen;
  private final InferInput texts;

  /** Chooses the pairs: the first by their keys. */
  PredictedPairs(SparkSession spark, TrainedPrior model, String input) {
    this.spark = spark;
    this.model = model;
    this.prior = model.settings().prior();
    this.columns = model.settings().data().columns();
    this.key = columns.key() == null ? text() : columns.key();
    InferInput pairs = InferInput.open(spark, input, model);
    this.chosen =
        pairs
            .rows()
            .select(needed(pairs.rows().columns()))
            .orderBy(col(key).cast("string"))
            .limit(model.settings().eval().maxRows())
            .repartition(spark.sparkContext().defaultParallelism())
            .cache();
    this.texts = InferInput.of(chosen, pairs.facts());
  }

  /** The column that names a text where there is no key. */
  private String text() {
    return prior.textDim() > 0 ? columns.textEmbedding() : columns.encodings();
  }

  private Column[] needed(String[] there) {
    List<Column> needed = new ArrayList<>();
    if (prior.textDim() > 0) {
      needed.add(col(columns.textEmbedding()));
    }
    needed.add(col(columns.imageEmbedding()));
    if (columns.key() != null) {
      needed.add(col(columns.key()));
    }
    if (prior.encodingRows() > 0) {
      needed.add(col(columns.encodings()));
      if (columns.textMask() != null) {
        needed.add(col(columns.textMask()));
      }
    }
    prior.attributes().stream()
        .map(AttributeConf::column)
        .filter(column -> Arrays.stream(there).anyMatch(column::equalsIgnoreCase))
        .forEach(column -> needed.add(col(column)));
    return needed.toArray(Column[]::new);
  }

  /**
   * Predicts.
   *
   * @param infer how; its best sample is the prediction
   * @param samples of each text, at least as many as {@code infer} chooses from
   * @return by key, then by image
   */
  List<Evaluation.Row> rows(InferConf infer, int samples) {
    Predictor.check(prior, infer.onePerText());
    TrainedPrior sampling = model.with(infer.all(samples));
    Settings settings = sampling.settings();
    TextCells cells = TextCells.find(texts.rows().schema(), texts.kept(), null, settings);
    PartitionPrediction predict = PartitionPrediction.of(spark, sampling, cells);
    StructType written = cells.written(PredictedColumns.of(settings));
    List<InternalRow> predicted =
        texts
            .rows()
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(part -> predict.start(part, BadRows::fail))
            .collect();
    List<Evaluation.Row> rows = new ArrayList<>();
    for (int from = 0; from < predicted.size(); from += samples) {
      rows.add(row(predicted.subList(from, from + samples), written, infer));
    }
    rows.sort(
        Comparator.comparing(Evaluation.Row::key)
            .thenComparing(Evaluation.Row::image, Arrays::compare));
    return rows;
  }

  /** The samples of one text, which follow each other. */
  private Evaluation.Row row(List<InternalRow> samples, StructType written, InferConf infer) {
    InternalRow first = samples.get(0);
    int at = index(written, key);
    return Evaluation.Row.of(
        String.valueOf(first.get(at, written.apply(at).dataType())),
        prior.textDim() == 0
            ? new float[0]
            : vector(first, written, columns.textEmbedding(), prior.textDim()),
        vector(first, written, columns.imageEmbedding(), prior.imageDim()),
        samples.stream()
            .map(sample -> vector(sample, written, infer.output(), prior.imageDim()))
            .toArray(float[][]::new),
        infer.samplesPerText());
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

  /** Lets go of the pairs. */
  @Override
  public void close() {
    chosen.unpersist();
  }
}
