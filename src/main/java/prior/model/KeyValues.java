package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The keys and values of a span in one layer, {@code [rows, keys, d]} each. Queries of later spans
 * look at them too, so many rows of queries may share one row of keys.
 *
 * @param dKeys the gradient of the keys; null in inference
 * @param dValues the gradient of the values; null in inference
 * @param padding added to the logits of its keys, {@code [rows, keys]}: 0, or so low that the key
 *     has no weight; null where all keys count
 * @param readers the same keys and values as later spans see them, each with gradients of its own
 */
record KeyValues(
    Span span,
    INDArray keys,
    INDArray values,
    INDArray dKeys,
    INDArray dValues,
    INDArray padding,
    List<KeyValues> readers) {

  /** Whether anything outside the span looks at its keys. */
  enum Reach {
    OWN_SPAN,
    LATER_SPANS
  }

  static KeyValues allocate(Buffers buffers, Span span, int d, Reach reach, INDArray padding) {
    long[] shape = {span.rows(), span.keys(), d};
    return switch (reach) {
      case OWN_SPAN ->
          new KeyValues(
              span,
              buffers.kept("keys", shape),
              buffers.kept("values", shape),
              buffers.gradient("d keys", shape),
              buffers.gradient("d values", shape),
              padding,
              new ArrayList<>());
      case LATER_SPANS ->
          new KeyValues(
              span,
              buffers.own(shape),
              buffers.own(shape),
              buffers.ownGradient(shape),
              buffers.ownGradient(shape),
              padding,
              new ArrayList<>());
    };
  }

  /** The same for a later span. */
  KeyValues readBy(Buffers buffers) {
    long[] shape = keys.shape();
    INDArray dSeenKeys = buffers.ownGradient(shape);
    INDArray dSeenValues = buffers.ownGradient(shape);
    KeyValues reader =
        new KeyValues(span, keys, values, dSeenKeys, dSeenValues, padding, List.of());
    readers.add(reader);
    return reader;
  }

  /**
   * Adds what the readers found to the gradients.
   *
   * @param earlier whether the gradients hold something that stays
   */
  void gather(Program program, boolean earlier) {
    boolean filled = earlier;
    for (KeyValues reader : readers) {
      if (filled) {
        program.add(dKeys, reader.dKeys, dKeys);
        program.add(dValues, reader.dValues, dValues);
      } else {
        program.copy(reader.dKeys, dKeys);
        program.copy(reader.dValues, dValues);
      }
      filled = true;
    }
  }

  /**
   * The part of an array over all keys that belongs to these, one matrix for each row of keys.
   *
   * @param all {@code [R, keys of the sequence up to here]}, R a multiple of the rows
   * @return {@code [rows, R / rows, keys]}
   */
  INDArray columns(INDArray all) {
    INDArray own = Windows.columns(all, span.firstKey(), span.firstKey() + (long) span.keys());
    return grouped(own);
  }

  /** The padding as an operand beside {@link #columns}: one line for each row of keys. */
  INDArray paddingOperand() {
    return span.rows() == 1 ? padding : padding.reshape('c', span.rows(), 1, span.keys());
  }

  /** The same grouping of queries or outputs: {@code [R, d]} as {@code [rows, R / rows, d]}. */
  INDArray grouped(INDArray perHead) {
    return span.rows() == 1 ? perHead : Windows.grouped(perHead, span.rows());
  }

  /**
   * An array of keys or values as an operand beside {@link #grouped} ones: one shared row is one
   * large product instead of a batch of products.
   */
  INDArray operand(INDArray keyed) {
    return span.rows() == 1 ? keyed.reshape('c', span.keys(), keyed.size(2)) : keyed;
  }
}
