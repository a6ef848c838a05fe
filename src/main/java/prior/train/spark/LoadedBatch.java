package prior.train.spark;

import java.util.List;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import prior.data.BadShard;

/**
 * A batch as a worker takes it in.
 *
 * @param data null where no row of it can be used
 * @param rows pairs in it
 * @param skipped pairs that were planned and cannot be used
 * @param bad where those lie
 */
public record LoadedBatch(MultiDataSet data, int rows, int skipped, List<BadShard> bad) {
  /** The feature with one row for each pair, however many noise draws a pair has. */
  private static final int TEXT = 2;

  /** A batch of which nothing is left out. */
  public static LoadedBatch whole(MultiDataSet data) {
    return new LoadedBatch(data, (int) data.getFeatures(TEXT).size(0), 0, List.of());
  }
}
