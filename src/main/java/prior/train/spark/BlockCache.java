package prior.train.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.UnitContent;
import prior.data.WorkUnit;
import prior.data.spark.ParquetPairs;

/**
 * Row groups, or slices of large ones, in an executor's memory, the least recently used leaving
 * first.
 */
final class BlockCache {
  private static final long LIMIT = ParquetPairs.WHOLE_BYTES;
  private static final Map<Key, UnitContent> BLOCKS = new LinkedHashMap<>(16, 0.75f, true);

  private BlockCache() {}

  /** What was read, and as which columns. */
  record Key(WorkUnit unit, PairColumns columns) {}

  /** The row group, or why it cannot be used, read where it is not in memory. */
  static UnitContent get(Key key, Supplier<UnitContent> read) {
    synchronized (BLOCKS) {
      UnitContent known = BLOCKS.get(key);
      if (known != null) {
        return known;
      }
    }
    UnitContent block = read.get();
    synchronized (BLOCKS) {
      BLOCKS.put(key, block);
      forgetUntilFits();
    }
    return block;
  }

  private static void forgetUntilFits() {
    long held = BLOCKS.values().stream().mapToLong(BlockCache::bytes).sum();
    while (held > LIMIT && BLOCKS.size() > 1) {
      Key oldest = BLOCKS.keySet().iterator().next();
      held -= bytes(BLOCKS.remove(oldest));
    }
  }

  private static long bytes(UnitContent content) {
    if (content instanceof PairBlock block) {
      long encodings = block.encodings() == null ? 0 : block.encodings().length;
      long attributes = (long) block.rows() * block.attributeColumns();
      return 4L * (block.text().length + block.image().length + encodings + attributes);
    }
    return 0;
  }
}
