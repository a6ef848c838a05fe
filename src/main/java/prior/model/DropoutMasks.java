package prior.model;

import java.util.ArrayList;
import java.util.List;
import prior.data.NamedRandom;

/** The dropout masks of a network, in the order its layers asked for them. */
final class DropoutMasks {
  private final Buffers buffers;
  private final Dropout dropout;
  private final List<DropoutMask> masks = new ArrayList<>();

  DropoutMasks(Buffers buffers, Dropout dropout) {
    this.buffers = buffers;
    this.dropout = dropout;
  }

  /** Those of a network that drops nothing. */
  static DropoutMasks none(Buffers buffers) {
    return new DropoutMasks(buffers, Dropout.NONE);
  }

  /** The mask of a layer's attention weights or output. */
  DropoutMask attention(long length) {
    return mask(dropout.attention(), length);
  }

  /** The mask of a layer's hidden values. */
  DropoutMask feedForward(long length) {
    return mask(dropout.feedForward(), length);
  }

  private DropoutMask mask(double rate, long length) {
    if (rate == 0) {
      return DropoutMask.NONE;
    }
    DropoutMask mask = new DropoutMask(buffers.own(length), rate);
    masks.add(mask);
    return mask;
  }

  /** Draws all masks for a batch's shard; the same seed and names give the same masks. */
  void draw(long batch, int shard) {
    for (int i = 0; i < masks.size(); i++) {
      masks.get(i).draw(NamedRandom.of(dropout.seed(), "dropout", batch, i, shard));
    }
  }

  /** Drops nothing until the next draw. */
  void rest() {
    masks.forEach(DropoutMask::rest);
  }
}
