package prior.infer.spark;

import java.util.List;
import java.util.Optional;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Rows cut into units of work: a unit is a file, or a part of at most so many bytes of one,
 * whatever the number of cores. (Spark puts small files together and cuts by cores; made to think
 * that opening a file costs as much as reading a whole slice, it does neither.)
 *
 * @param splitBytes the most bytes of a slice
 * @param units the slice of each unit, sorted
 * @param partitions the partition of each unit
 */
record Slices(
    RDD<InternalRow> rows, long splitBytes, List<String> units, List<Integer> partitions) {
  private static final String MOST = "spark.sql.files.maxPartitionBytes";
  private static final String OPENING = "spark.sql.files.openCostInBytes";

  /**
   * @param asBefore the bytes of a job that is resumed
   */
  static Slices of(SparkSession spark, Dataset<Row> rows, Optional<Long> asBefore) {
    RuntimeConfig conf = spark.conf();
    String most = conf.get(MOST);
    String opening = conf.get(OPENING);
    long bytes = asBefore.orElseGet(() -> spark.sessionState().conf().filesMaxPartitionBytes());
    try {
      conf.set(MOST, bytes + "b");
      conf.set(OPENING, bytes + "b");
      RDD<InternalRow> read = rows.queryExecution().toRdd();
      List<String> slices = Plan.slices(read.partitions());
      List<Integer> order = Plan.order(slices);
      return new Slices(read, bytes, order.stream().map(slices::get).toList(), order);
    } finally {
      conf.set(MOST, most);
      conf.set(OPENING, opening);
    }
  }

  /** The unit of each partition. */
  int[] unitOfPartition() {
    int[] units = new int[partitions.size()];
    for (int unit = 0; unit < units.length; unit++) {
      units[partitions.get(unit)] = unit;
    }
    return units;
  }
}
