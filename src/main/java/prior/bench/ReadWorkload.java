package prior.bench;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.WorkUnit;
import prior.data.spark.ParquetPairs;
import prior.fault.UserFault;

/** Row groups of prepared Parquet into float arrays, one row group a run, in turn. */
final class ReadWorkload implements Workload {
  private final Configuration hadoop = new Configuration();
  private final List<WorkUnit> units;
  private final PairBlock sample;
  private int next;

  private ReadWorkload(String input) {
    this.units = ParquetPairs.plan(hadoop, input, PairColumns.prepared());
    if (units.isEmpty()) {
      throw UserFault.data("Cannot measure reading of " + input + ": expected rows, found none");
    }
    this.sample = read();
  }

  static ReadWorkload of(String input) {
    if (input == null) {
      throw UserFault.usage("Cannot measure reading: expected --input PARQUET, found none");
    }
    return new ReadWorkload(input);
  }

  private PairBlock read() {
    WorkUnit unit = units.get(next++ % units.size());
    return ParquetPairs.read(hadoop, unit, PairColumns.prepared());
  }

  @Override
  public void run() {
    read();
  }

  @Override
  public long rows() {
    return sample.rowIds().length;
  }

  @Override
  public Amount amount() {
    long encodings = sample.encodings() == null ? 0 : sample.encodings().length;
    long floats = sample.text().length + sample.image().length + encodings;
    return new Amount("gigabytes_per_second", 4e-9 * floats);
  }
}
