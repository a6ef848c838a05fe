package prior.infer.spark;

import org.apache.hadoop.fs.Path;
import prior.fault.UserFault;

/**
 * What to predict and where to write it.
 *
 * @param input Parquet, a clip-retrieval folder, or {@code table:} and a catalog table's name
 * @param output a folder
 * @param partition {@code name=value} of the one partition of the output that is written; null for
 *     the whole output
 */
public record InferRequest(String input, String output, String partition, WriteMode mode) {
  /** Before the name of a table in Spark's catalog. */
  static final String TABLE = "table:";

  public InferRequest {
    if (partition != null && !partition.matches("[A-Za-z0-9_]+=[^/=]+")) {
      throw UserFault.usage(
          "Cannot write partition %s: expected --partition name=value, as ds=2026-01-31, found %s"
              .formatted(partition, partition));
    }
  }

  /** The folder that appears. */
  Path target() {
    return partition == null ? new Path(output) : new Path(output, partition);
  }

  /** The name of the column that the partition's folder stands for; null without one. */
  String partitionColumn() {
    return partition == null ? null : partition.substring(0, partition.indexOf('='));
  }
}
