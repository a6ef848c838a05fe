package prior.validate.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import prior.data.WorkUnit;
import prior.train.BatchSpec;
import prior.validate.PairsToMeasure;

/**
 * Pairs of a block, by the text of their {@link BatchSpec}.
 *
 * @param number among all blocks
 */
record NumberedBatch(int number, String text) implements Serializable {

  /** The first pairs of some row groups, in blocks; always the same. */
  static List<NumberedBatch> of(List<WorkUnit> units, int mostPairs) {
    List<NumberedBatch> blocks = new ArrayList<>();
    List<BatchSpec.Slice> block = new ArrayList<>();
    int left = mostPairs;
    int room = PairsToMeasure.BLOCK;
    for (WorkUnit unit : units) {
      for (int from = 0; from < unit.rows() && left > 0; ) {
        int count = Math.min(Math.min(unit.rows() - from, room), left);
        block.add(new BatchSpec.Slice(0, unit, from, from + count));
        from += count;
        left -= count;
        room -= count;
        if (room == 0 || left == 0) {
          blocks.add(new NumberedBatch(blocks.size(), new BatchSpec(block).text()));
          block = new ArrayList<>();
          room = PairsToMeasure.BLOCK;
        }
      }
    }
    if (!block.isEmpty()) {
      blocks.add(new NumberedBatch(blocks.size(), new BatchSpec(block).text()));
    }
    return blocks;
  }
}
