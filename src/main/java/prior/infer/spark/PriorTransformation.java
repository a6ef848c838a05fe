package prior.infer.spark;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import prior.checkpoint.HadoopLocation;
import prior.data.spark.TextFacts;
import prior.infer.TrainedPrior;

/**
 * Predictions as a step of one's own Spark job: the same columns and values as {@code
 * PriorInferJob} writes, but for the last bit of float32. A row that cannot be predicted fails the
 * job. Nothing is computed before the result is used.
 *
 * <pre>{@code
 * PriorTransformation prior = PriorTransformation.of(spark, "hdfs:///RUN", "infer.steps=10");
 * Dataset<Row> predicted = texts.transform(prior::apply);
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
    return of(
        spark,
        TrainedPrior.open(
            HadoopLocation.of(model, spark.sparkContext().hadoopConfiguration()), List.of(sets)));
  }

  static PriorTransformation of(SparkSession spark, TrainedPrior model) {
    return new PriorTransformation(spark, model);
  }

  /**
   * Appends the predicted columns.
   *
   * @param texts rows with a text embedding, and a key and text encodings where settings name them
   */
  public Dataset<Row> apply(Dataset<Row> texts) {
    InferInput input = InferInput.of(texts, TextFacts.UNKNOWN);
    TextCells cells = TextCells.find(input.rows().schema(), input.kept(), null, model.settings());
    PartitionPrediction predict = PartitionPrediction.of(spark, model, cells);
    JavaRDD<InternalRow> predicted =
        input
            .rows()
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(part -> predict.start(part, BadRows::fail));
    return spark.internalCreateDataFrame(
        predicted.rdd(), cells.written(PredictedColumns.of(model.settings())), false);
  }
}
