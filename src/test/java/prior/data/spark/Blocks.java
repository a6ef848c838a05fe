package prior.data.spark;

import java.util.List;
import java.util.function.Function;
import prior.data.PairBlock;

/** Blocks of one width put together, for tests that look at whole files. */
final class Blocks {
  private Blocks() {}

  static PairBlock join(List<PairBlock> blocks) {
    int rows = blocks.stream().mapToInt(PairBlock::rows).sum();
    long[] ids = blocks.stream().flatMapToLong(b -> java.util.Arrays.stream(b.rowIds())).toArray();
    return new PairBlock(
        rows,
        blocks.get(0).textWidth(),
        blocks.get(0).imageWidth(),
        join(blocks, PairBlock::text),
        join(blocks, PairBlock::image),
        ids,
        0,
        0,
        null);
  }

  private static float[] join(List<PairBlock> blocks, Function<PairBlock, float[]> part) {
    float[] all = new float[blocks.stream().mapToInt(b -> part.apply(b).length).sum()];
    int from = 0;
    for (PairBlock block : blocks) {
      float[] values = part.apply(block);
      System.arraycopy(values, 0, all, from, values.length);
      from += values.length;
    }
    return all;
  }
}
