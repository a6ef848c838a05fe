package prior.train;

import java.util.ArrayList;
import java.util.List;
import prior.data.NamedRandom;
import prior.data.WorkUnit;

/**
 * One epoch's batches: the row groups in an order drawn from (seed, epoch), their rows one after
 * another, cut into batches. Rows within a row group are shuffled where they are read. What does
 * not fill a batch is left for another epoch's order.
 */
final class EpochPlan {
  private final long epoch;
  private final int batchSize;
  private final List<WorkUnit> order;
  private final long[] starts;

  EpochPlan(List<WorkUnit> units, long seed, long epoch, int batchSize) {
    this.epoch = epoch;
    this.batchSize = batchSize;
    this.order = new ArrayList<>(units);
    shuffle(NamedRandom.of(seed, "unit order", epoch));
    this.starts = new long[order.size() + 1];
    for (int i = 0; i < order.size(); i++) {
      starts[i + 1] = starts[i] + order.get(i).rows();
    }
  }

  private void shuffle(NamedRandom random) {
    for (int i = order.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      WorkUnit swapped = order.get(i);
      order.set(i, order.get(j));
      order.set(j, swapped);
    }
  }

  long epoch() {
    return epoch;
  }

  /** The batch at an index below rows / batchSize. */
  BatchSpec batch(long index) {
    long from = index * batchSize;
    long to = Math.min(from + batchSize, starts[order.size()]);
    List<BatchSpec.Slice> slices = new ArrayList<>();
    for (int unit = firstUnit(from); unit < order.size() && starts[unit] < to; unit++) {
      int sliceFrom = (int) (Math.max(from, starts[unit]) - starts[unit]);
      int sliceTo = (int) (Math.min(to, starts[unit + 1]) - starts[unit]);
      if (sliceTo > sliceFrom) {
        slices.add(new BatchSpec.Slice(order.get(unit), sliceFrom, sliceTo));
      }
    }
    return new BatchSpec(epoch, slices);
  }

  private int firstUnit(long row) {
    int found = java.util.Arrays.binarySearch(starts, row);
    return found >= 0 ? found : -found - 2;
  }
}
