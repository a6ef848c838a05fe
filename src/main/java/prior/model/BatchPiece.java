package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Some pairs of a batch, all draws of each, that go through the network at once; its arrays are
 * windows on the batch's.
 */
record BatchPiece(MultiDataSet data, Place place) {
  /** The feature with one row for each pair. */
  private static final int TEXT = 2;

  /**
   * Which piece.
   *
   * @param number from 0
   * @param share of the batch's pairs
   */
  record Place(int number, int of, double share) {
    /** Of a batch in one piece. */
    static final Place WHOLE = new Place(0, 1, 1);

    boolean last() {
      return number == of - 1;
    }
  }

  /** A batch cut every {@code pairs} pairs; the last piece may be smaller. */
  static List<BatchPiece> of(MultiDataSet batch, int pairs) {
    int all = Math.toIntExact(batch.getFeatures(TEXT).size(0));
    if (all <= pairs) {
      return List.of(new BatchPiece(batch, Place.WHOLE));
    }
    int count = (all + pairs - 1) / pairs;
    List<BatchPiece> pieces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Range range = new Range(i * pairs, Math.min(all, (i + 1) * pairs), all);
      double share = (double) (range.to() - range.from()) / all;
      pieces.add(new BatchPiece(range.of(batch), new Place(i, count, share)));
    }
    return pieces;
  }

  /** Pairs {@code from} to {@code to}, exclusive, of {@code all}. */
  private record Range(long from, long to, long all) {
    MultiDataSet of(MultiDataSet batch) {
      return new org.nd4j.linalg.dataset.MultiDataSet(
          of(batch.getFeatures()), of(batch.getLabels()), null, of(batch.getLabelsMaskArrays()));
    }

    private INDArray[] of(INDArray[] arrays) {
      if (arrays == null) {
        return null;
      }
      INDArray[] windows = new INDArray[arrays.length];
      for (int i = 0; i < arrays.length; i++) {
        long rows = arrays[i].size(0) / all;
        windows[i] = Windows.rows(arrays[i], from * rows, to * rows);
      }
      return windows;
    }
  }
}
