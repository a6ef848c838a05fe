package prior.data.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import prior.data.WorkUnit;

/**
 * Cuts row groups that are too large in memory into equal slices, and tells of it. Slices are at
 * most half of what is allowed, so that a batch that goes from one to the next has room for both.
 */
public final class Slicing {
  private final long allowed;
  private int cut;
  private WorkUnit largest;
  private long largestBytes;
  private int sliceRows;

  /**
   * @param allowed bytes in memory of a row group that is still read whole
   */
  public Slicing(long allowed) {
    this.allowed = allowed;
  }

  /**
   * The row group, or its slices in order.
   *
   * @param rowBytes of one of its pairs in memory
   */
  List<WorkUnit> units(WorkUnit group, long rowBytes) {
    long bytes = group.rows() * rowBytes;
    if (bytes <= allowed) {
      return List.of(group);
    }
    long slices = Math.min(group.rows(), (bytes - 1) / Math.max(1, allowed / 2) + 1);
    int rows = (int) ((group.rows() - 1) / slices + 1);
    note(group, bytes, rows);
    List<WorkUnit> units = new ArrayList<>();
    for (int from = 0; from < group.rows(); from += rows) {
      int count = Math.min(rows, group.rows() - from);
      units.add(new WorkUnit(group.file(), group.rowGroup(), group.rows(), from, count));
    }
    return units;
  }

  private void note(WorkUnit group, long bytes, int rows) {
    cut++;
    if (bytes > largestBytes) {
      largest = group;
      largestBytes = bytes;
      sliceRows = rows;
    }
  }

  /** What to say where row groups were cut, of all of them together. */
  Optional<String> warning() {
    return cut == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s, row group %d: its %,d rows take %,d bytes in memory, more than the %,d that are"
                    + " read at once (%d row groups do); it is read in slices of %,d rows, each after"
                    + " passing over the rows before it: prepare the data (PriorPrepareJob) or write"
                    + " smaller row groups",
                largest.file(),
                largest.rowGroup(),
                largest.rows(),
                largestBytes,
                allowed,
                cut,
                sliceRows));
  }
}
