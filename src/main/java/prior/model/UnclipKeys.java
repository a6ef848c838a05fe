package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer's keys and values of all tokens up to a span's end, {@code [B*H, to, d]} each. Those of
 * earlier spans are copied in.
 */
record UnclipKeys(UnclipSpan span, int heads, INDArray keys, INDArray values) {

  static UnclipKeys allocate(Buffers buffers, UnclipShape shape, UnclipSpan span) {
    int heads = shape.conf().numAttentionHeads();
    int d = shape.conf().attentionHeadDim();
    long[] sizes = {(long) span.rows() * heads, span.to(), d};
    return new UnclipKeys(span, heads, buffers.own(sizes), buffers.own(sizes));
  }

  /** The span's own part of keys or values, {@code [B, H, length, d]}. */
  INDArray own(INDArray all) {
    return part(all, span.from(), span.to());
  }

  private INDArray part(INDArray all, int from, int to) {
    INDArray byHead = all.reshape('c', span.rows(), heads, span.to(), all.size(2));
    return Windows.third(byHead, from, to);
  }

  /** Copies the keys and values of an earlier span, each of its rows for equally many of these. */
  void copyFrom(Program program, UnclipKeys earlier) {
    copy(program, earlier.keys, keys, earlier.span);
    copy(program, earlier.values, values, earlier.span);
  }

  private void copy(Program program, INDArray from, INDArray into, UnclipSpan earlier) {
    INDArray given = from.reshape('c', earlier.rows(), heads, earlier.to(), from.size(2));
    INDArray window = part(into, 0, earlier.to());
    int each = span.rows() / earlier.rows();
    for (int row = 0; row < earlier.rows(); row++) {
      INDArray one = Windows.rows(given, row, row + 1);
      for (int i = 0; i < each; i++) {
        int to = row * each + i;
        program.copy(one, Windows.rows(window, to, to + 1));
      }
    }
  }
}
