package prior.infer.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import prior.data.RowFault;
import prior.data.spark.SparkFailure;
import prior.fault.UserFault;
import scala.Tuple2;

/**
 * The images that predictions are nearest to, by cosine. Exact: every prediction is compared with
 * every image, so time grows with the product of their numbers. Driver and executors hold all
 * predictions, past which the images stream. For more than that there are indexes, such as faiss's.
 *
 * <pre>{@code
 * Dataset<Row> nearest(Dataset<Row> predicted, Dataset<Row> images) { // key, neighbour, rank, cosine
 *   return NearestImages.search(
 *       new NearestImages.Vectors(predicted, "key", "predicted_image_embedding"),
 *       new NearestImages.Vectors(images, "key", "image_embedding"),
 *       10);
 * }
 * }</pre>
 */
public final class NearestImages {
  private static final StructType FOUND =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("neighbour", DataTypes.StringType)
          .add("cosine", DataTypes.DoubleType);

  private NearestImages() {}

  /**
   * A table with a vector in each row.
   *
   * @param key column that names one row
   * @param vector column of array&lt;float&gt; or array&lt;double&gt;
   */
  public record Vectors(Dataset<Row> rows, String key, String vector) {

    /** Each row's key and vector; a null or a number that is not finite fails the job. */
    JavaRDD<Tuple2<String, float[]>> read() {
      Dataset<Row> cells = rows.select(col(key).cast("string"), col(vector));
      DataType type = cells.schema().apply(1).dataType();
      if (!VectorCell.numbers(type)) {
        throw UserFault.usage(
            "Cannot search: expected array<float> or array<double> in column %s, found %s"
                .formatted(vector, type.simpleString()));
      }
      String column = vector;
      return cells.queryExecution().toRdd().toJavaRDD().map(row -> named(row, column, type));
    }

    private static Tuple2<String, float[]> named(InternalRow row, String column, DataType type) {
      String key = row.isNullAt(0) ? null : row.getString(0);
      float[] numbers = new float[row.isNullAt(1) ? 0 : row.getArray(1).numElements()];
      RowFault fault = VectorCell.of(column, type, numbers.length).read(row, 1, numbers, 0);
      if (fault != null && fault.kind() != RowFault.Kind.ZERO) {
        BadRows.fail("", key, fault);
      }
      return new Tuple2<>(key, numbers);
    }
  }

  /**
   * Searches.
   *
   * @param k images for each prediction, at least 1; of equally near ones those with lesser keys
   * @return rows {@code key} (of the prediction), {@code neighbour} (the image's key), {@code rank}
   *     from 1 and {@code cosine}, in the order of key and rank
   * @throws UserFault where a column holds no vectors; an image of another width than the
   *     predictions fails the job
   */
  public static Dataset<Row> search(Vectors predictions, Vectors images, int k) {
    if (k < 1) {
      throw UserFault.usage("Cannot search: expected at least 1 neighbour, found " + k);
    }
    SparkSession spark = images.rows().sparkSession();
    List<Tuple2<String, float[]>> wanted = collect(predictions);
    Broadcast<List<Tuple2<String, float[]>>> everywhere =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(wanted);
    JavaRDD<Row> found =
        images.read().mapPartitions(part -> new Neighbours(everywhere.value(), k).among(part));
    return spark
        .createDataFrame(found, FOUND)
        .withColumn(
            "rank",
            row_number()
                .over(Window.partitionBy("key").orderBy(col("cosine").desc(), col("neighbour"))))
        .where(col("rank").leq(k))
        .select("key", "neighbour", "rank", "cosine")
        .orderBy("key", "rank");
  }

  private static List<Tuple2<String, float[]>> collect(Vectors predictions) {
    try {
      return predictions.read().collect();
    } catch (Exception e) { // Scala throws checked ones unannounced
      throw SparkFailure.cause(e);
    }
  }
}
