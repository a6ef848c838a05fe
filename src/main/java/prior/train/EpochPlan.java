package prior.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import prior.data.NamedRandom;
import prior.data.WorkUnit;

/**
 * One epoch's rows: the row groups in an order drawn from (seed, epoch), their rows one after
 * another. Rows within a row group are shuffled where they are read.
 */
final class EpochPlan {
  private final long epoch;
  private final List<WorkUnit> order;
  private final long[] starts;

  EpochPlan(List<WorkUnit> units, long seed, long epoch) {
    this.epoch = epoch;
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

  /** The row groups' parts that hold rows {@code from} to {@code to}, exclusive, of the epoch. */
  List<BatchSpec.Slice> slices(long from, long to) {
    List<BatchSpec.Slice> slices = new ArrayList<>();
    for (int unit = firstUnit(from); unit < order.size() && starts[unit] < to; unit++) {
      int sliceFrom = (int) (Math.max(from, starts[unit]) - starts[unit]);
      int sliceTo = (int) (Math.min(to, starts[unit + 1]) - starts[unit]);
      if (sliceTo > sliceFrom) {
        slices.add(new BatchSpec.Slice(epoch, order.get(unit), sliceFrom, sliceTo));
      }
    }
    return slices;
  }

  private int firstUnit(long row) {
    int found = Arrays.binarySearch(starts, row);
    return found >= 0 ? found : -found - 2;
  }
}
