package prior.data.spark;

import java.util.List;
import prior.data.BadShard;
import prior.data.WorkUnit;

/**
 * What a folder has to train on.
 *
 * @param units row groups, or slices of large ones, sorted by file and row group
 * @param bad files that are left out
 */
public record PairShards(List<WorkUnit> units, List<BadShard> bad) {
  public PairShards {
    units = List.copyOf(units);
    bad = List.copyOf(bad);
  }
}
