package prior.data.spark;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.stddev_pop;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import prior.data.DataFaults;

/** What a table of Parquet says of one of its columns as a whole; nulls and NaN do not count. */
public final class ColumnStatistics {
  private static final MathContext DIGITS = new MathContext(6);

  private final String path;
  private final Dataset<Row> table;

  private ColumnStatistics(String path, Dataset<Row> table) {
    this.path = path;
    this.table = table;
  }

  /**
   * Looks at a file, folder or glob.
   *
   * @param skipBroken whether files that cannot be read are left out
   */
  public static ColumnStatistics over(SparkSession spark, String path, boolean skipBroken) {
    Configuration conf = spark.sparkContext().hadoopConfiguration();
    List<String> files =
        ParquetFiles.list(conf, path).stream().map(file -> file.getPath().toString()).toList();
    Dataset<Row> table =
        spark
            .read()
            .options(ParquetInput.of(path, files).options())
            .option("ignoreCorruptFiles", skipBroken)
            .parquet(path);
    return new ColumnStatistics(path, table);
  }

  /** Mean and deviation. */
  public record Moments(double mean, double deviation) {}

  /**
   * Mean and deviation of numbers, to six digits, so that they do not depend on the order of
   * summation. A column of one value has deviation 1.
   */
  public Moments moments(String column) {
    Column number = find(column, "a number").cast(DataTypes.DoubleType);
    Row found =
        table
            .where(number.isNotNull().and(not(number.isNaN())))
            .agg(avg(number), stddev_pop(number))
            .first();
    if (found.isNullAt(0) || !Double.isFinite(found.getDouble(0))) {
      String mean = found.isNullAt(0) ? "nulls alone" : "infinity";
      throw DataFaults.unreadable(path, "no mean of column " + column, "finite numbers", mean);
    }
    double deviation = rounded(found.getDouble(1));
    return new Moments(rounded(found.getDouble(0)), deviation == 0 ? 1 : deviation);
  }

  private static double rounded(double value) {
    return new BigDecimal(value).round(DIGITS).doubleValue();
  }

  /**
   * The different values as text, sorted.
   *
   * @param most how many there may be
   */
  public List<String> values(String column, int most) {
    Column text = find(column, "a string or a whole number").cast(DataTypes.StringType);
    List<String> values =
        table
            .select(text.as("value"))
            .where(col("value").isNotNull())
            .distinct()
            .limit(most + 1)
            .as(Encoders.STRING())
            .collectAsList();
    if (values.isEmpty() || values.size() > most) {
      throw DataFaults.unreadable(
          path,
          "column " + column + " is no category",
          "1 to " + most + " different values",
          values.isEmpty() ? "none" : "more");
    }
    return values.stream().sorted().toList();
  }

  private Column find(String column, String expected) {
    List<String> names =
        Arrays.stream(table.columns()).filter(name -> name.equalsIgnoreCase(column)).toList();
    if (names.size() != 1) {
      throw DataFaults.unreadable(
          path, "no such column", "one column " + column, String.join(", ", table.columns()));
    }
    Column found = table.col("`" + names.get(0) + "`");
    DataType type = table.schema().apply(names.get(0)).dataType();
    boolean fits =
        type instanceof NumericType
            || (expected.startsWith("a string") && type.equals(DataTypes.StringType));
    if (!fits) {
      throw DataFaults.unreadable(
          path, "column " + column + " cannot be an attribute", expected, type.simpleString());
    }
    return found;
  }
}
