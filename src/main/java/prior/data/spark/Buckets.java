package prior.data.spark;

import java.io.Serializable;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;
import prior.data.Split;

/**
 * The output files, numbered: bucket 0 takes broken rows, then come the files of train, val and
 * test. A row's bucket is a function of its split and rank, so files do not depend on the cluster.
 *
 * @param train number of files; likewise val and test
 */
record Buckets(int train, int val, int test) implements Serializable {
  static final int BROKEN = 0;
  private static final double UNIT = 0x1.0p-53;
  private static final int SPARK_SEED = 42;

  static Buckets of(Preparation what, long rows) {
    double rest = 1 - what.valFraction() - what.testFraction();
    return new Buckets(
        files(rows * rest, what.rowsPerFile()),
        files(rows * what.valFraction(), what.rowsPerFile()),
        files(rows * what.testFraction(), what.rowsPerFile()));
  }

  private static int files(double rows, int rowsPerFile) {
    return (int) Math.max(1, Math.round(rows / rowsPerFile));
  }

  int count() {
    return 1 + train + val + test;
  }

  /** The bucket of a row; ranks are uniform over all longs, so files of a split are alike. */
  int of(Split split, long rank) {
    double u = (rank >>> 11) * UNIT;
    return first(split) + (int) (u * files(split));
  }

  Split split(int bucket) {
    for (Split split : Split.values()) {
      if (bucket < first(split) + files(split)) {
        return split;
      }
    }
    throw new IllegalArgumentException("Cannot name bucket " + bucket + " of " + count());
  }

  /** Where the rows of a bucket go, below the output folder. */
  String file(int bucket) {
    Split split = split(bucket);
    return split.folder() + "/part-%05d.parquet".formatted(bucket - first(split));
  }

  private int files(Split split) {
    return switch (split) {
      case TRAIN -> train;
      case VAL -> val;
      case TEST -> test;
    };
  }

  private int first(Split split) {
    return switch (split) {
      case TRAIN -> 1;
      case VAL -> 1 + train;
      case TEST -> 1 + train + val;
    };
  }

  /**
   * For each bucket a number that Spark's hash partitioning sends to the partition of that index,
   * so that no partition gets two files. Were Spark's hash another one, only the balance would
   * suffer.
   */
  int[] places() {
    int[] places = new int[count()];
    boolean[] known = new boolean[count()];
    int left = count();
    for (int candidate = 0; left > 0; candidate++) {
      int partition = Math.floorMod(Murmur3_x86_32.hashInt(candidate, SPARK_SEED), count());
      if (!known[partition]) {
        known[partition] = true;
        places[partition] = candidate;
        left--;
      }
    }
    return places;
  }
}
