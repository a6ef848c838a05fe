package prior.model;

/**
 * Consecutive tokens of each of some rows. Attention is causal, so what is computed for a span
 * depends on earlier spans alone.
 *
 * @param from the first token's position in the whole sequence
 * @param to the position after the last
 * @param rows how many sequences
 */
record Span(int from, int to, int rows) {

  /** The whole sequence. */
  static Span whole(Dalle2Shape shape, int rows) {
    return new Span(0, shape.tokens(), rows);
  }

  /** The text: its rows and its embedding. */
  static Span text(Dalle2Shape shape, int rows) {
    return new Span(0, textEnd(shape), rows);
  }

  /** The text rows alone. */
  static Span textRows(Dalle2Shape shape, int rows) {
    return new Span(0, shape.maxTextLen(), rows);
  }

  /** The text embedding alone. */
  static Span textEmbedding(Dalle2Shape shape, int rows) {
    return new Span(shape.maxTextLen(), textEnd(shape), rows);
  }

  /** The attributes alone. */
  static Span attributes(Dalle2Shape shape, int rows) {
    return new Span(textEnd(shape), conditionsEnd(shape), rows);
  }

  /** The text and the attributes. */
  static Span conditions(Dalle2Shape shape, int rows) {
    return new Span(0, conditionsEnd(shape), rows);
  }

  /** The conditions but for the text rows. */
  static Span conditionsAfterTextRows(Dalle2Shape shape, int rows) {
    return new Span(shape.maxTextLen(), conditionsEnd(shape), rows);
  }

  /** What changes from one diffusion step to the next: all after the conditions. */
  static Span step(Dalle2Shape shape, int rows) {
    return new Span(conditionsEnd(shape), shape.tokens(), rows);
  }

  /** All after the text rows. */
  static Span afterTextRows(Dalle2Shape shape, int rows) {
    return new Span(shape.maxTextLen(), shape.tokens(), rows);
  }

  private static int textEnd(Dalle2Shape shape) {
    return shape.maxTextLen() + shape.textEmbeds();
  }

  private static int conditionsEnd(Dalle2Shape shape) {
    return textEnd(shape) + shape.attributes().size();
  }

  /** Whether the attributes, where there are any, are in it. */
  boolean holdsAttributes(Dalle2Shape shape) {
    return from <= textEnd(shape) && to >= conditionsEnd(shape);
  }

  /** Tokens of a row. */
  int length() {
    return to - from;
  }

  /** Tokens of all rows. */
  long tokens() {
    return (long) rows * length();
  }

  /** Keys of a row: one for each token, and the null key before the first of the sequence. */
  int keys() {
    return length() + nullKeys();
  }

  /** 1 where the null key belongs to this span. */
  int nullKeys() {
    return from == 0 ? 1 : 0;
  }

  /** The column of this span's first key among all keys of the sequence. */
  int firstKey() {
    return from == 0 ? 0 : from + 1;
  }
}
