package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer's keys and values of all tokens up to a span's end, {@code [B, to, D]} each. Those of
 * earlier spans are copied in.
 */
record UnclipKeys(UnclipSpan span, INDArray keys, INDArray values) {

  static UnclipKeys allocate(Buffers buffers, UnclipShape shape, UnclipSpan span) {
    long[] sizes = {span.rows(), span.to(), shape.inner()};
    return new UnclipKeys(span, buffers.own(sizes), buffers.own(sizes));
  }

  /** The span's own part of keys or values, {@code [B, length, D]}. */
  INDArray own(INDArray all) {
    return Windows.middle(all, span.from(), span.to());
  }

  /** Copies the keys and values of an earlier span, each of its rows for equally many of these. */
  void copyFrom(Program program, UnclipKeys earlier) {
    copy(program, earlier.keys, keys);
    copy(program, earlier.values, values);
  }

  private void copy(Program program, INDArray from, INDArray into) {
    long rows = from.size(0);
    long each = span.rows() / rows;
    INDArray given = from.reshape('c', rows, 1, from.length() / rows);
    INDArray grouped = into.reshape('c', rows, each, into.length() / span.rows());
    for (long i = 0; i < each; i++) {
      INDArray copies = Windows.middle(grouped, i, i + 1);
      program.copyRows(given, Windows.third(copies, 0, given.size(2)));
    }
  }
}
