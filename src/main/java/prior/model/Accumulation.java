package prior.model;

import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The gradient of a batch that is computed piece by piece: {@code sum_i share_i g_i}. The buffer
 * for it is made at the first batch of several pieces, and kept.
 */
final class Accumulation {
  private INDArray sum;

  /** Turns a piece's gradient, in place, into the sum up to it; a batch of one keeps its bits. */
  void add(INDArray gradient, BatchPiece.Place place) {
    if (place.of() == 1) {
      return;
    }
    gradient.muli(place.share());
    if (place.number() > 0) {
      gradient.addi(sum);
    }
    if (!place.last()) {
      keep(gradient);
    }
  }

  private void keep(INDArray gradient) {
    if (sum == null) {
      try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
        sum = gradient.ulike();
      }
    }
    sum.assign(gradient);
  }
}
