package prior.validate;

import java.util.Arrays;
import prior.infer.Predictor;
import prior.train.CleanBatch;

/**
 * A block of held-out pairs.
 *
 * @param number among all blocks
 * @param rowIds names of its pairs
 */
@SuppressWarnings("ArrayRecordComponent")
public record PairsToMeasure(int number, CleanBatch clean, long[] rowIds) {
  /** Pairs of a block, as many as sampling takes at once. */
  public static final int BLOCK = 48;

  /** Seen from a second sample: other noise for the same texts. */
  private static final long OTHER = 0x9E3779B97F4A7C15L;

  int firstPair() {
    return number * BLOCK;
  }

  Predictor.Texts texts() {
    return new Predictor.Texts(rowIds, clean.text(), clean.encodings(), clean.attributes());
  }

  /** The same texts under other names, so with other noise. */
  Predictor.Texts renamed() {
    long[] others = Arrays.stream(rowIds).map(id -> id ^ OTHER).toArray();
    return new Predictor.Texts(others, clean.text(), clean.encodings(), clean.attributes());
  }
}
