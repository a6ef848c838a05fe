package prior.infer.spark;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import prior.checkpoint.HadoopLocation;
import prior.conf.BadDataPolicy;
import prior.data.spark.TextFacts;
import prior.infer.TrainedPrior;
import scala.Function1;

/**
 * Predictions as a step of one's own Spark job: the same columns and values as {@code
 * PriorInferJob} writes, but for the last bit of float32. Nothing is computed before the result is
 * used, and all of it again with each use that is not cached. A row that cannot be predicted fails
 * the job; with {@code infer.bad_rows = skip} it is left out, and counted in Spark's UI.
 *
 * <pre>{@code
 * Dataset<Row> images(SparkSession spark, Dataset<Row> texts) {
 *   PriorTransformation prior = PriorTransformation.of(spark, "RUN", "infer.steps=10");
 *   return texts.transform(prior::apply);
 * }
 * }</pre>
 */
public final class PriorTransformation {
  private final SparkSession spark;
  private final TrainedPrior model;

  private PriorTransformation(SparkSession spark, TrainedPrior model) {
    this.spark = spark;
    this.model = model;
  }

  /**
   * Reads a model on the driver.
   *
   * @param model a run folder or one of its checkpoints, on any file system that Spark knows
   * @param sets {@code key=value} over the model's own settings, as {@code --set} takes them
   */
  public static PriorTransformation of(SparkSession spark, String model, String... sets) {
    return new PriorTransformation(
        spark,
        TrainedPrior.open(
            HadoopLocation.of(model, spark.sparkContext().hadoopConfiguration()), List.of(sets)));
  }

  /**
   * Appends the predicted columns.
   *
   * @param texts rows with a text embedding, and a key and text encodings where settings name them
   */
  public Dataset<Row> apply(Dataset<Row> texts) {
    InferInput input = InferInput.of(texts, TextFacts.UNKNOWN);
    StructType given = input.rows().schema();
    TextCells cells = TextCells.find(given, input.kept(), null, model.settings());
    StructType written = cells.written(PredictedColumns.of(model.settings()));
    PartitionPrediction predict = PartitionPrediction.of(spark, model, cells);
    BadDataPolicy policy = model.settings().infer().badRows();
    LongAccumulator skipped = spark.sparkContext().longAccumulator("rows without a prediction");
    MapPartitionsFunction<Row, Row> step =
        rows -> {
          Function1<Object, Object> in = CatalystTypeConverters.createToCatalystConverter(given);
          Function1<Object, Object> out = CatalystTypeConverters.createToScalaConverter(written);
          Iterator<InternalRow> texted = mapped(rows, row -> (InternalRow) in.apply(row));
          return mapped(
              predict.start(texted, badRows(policy, skipped)), row -> (Row) out.apply(row));
        };
    return input.rows().mapPartitions(step, Encoders.row(written));
  }

  private static BadRows badRows(BadDataPolicy policy, LongAccumulator skipped) {
    return switch (policy) {
      case FAIL -> BadRows::fail;
      case SKIP -> (file, key, fault) -> skipped.add(1);
    };
  }

  private static <A, B> Iterator<B> mapped(Iterator<A> from, Function<A, B> by) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return from.hasNext();
      }

      @Override
      public B next() {
        return by.apply(from.next());
      }
    };
  }
}
