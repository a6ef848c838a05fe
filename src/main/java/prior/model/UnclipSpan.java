package prior.model;

/**
 * Consecutive tokens of each of some rows of diffusers' sequence. Where attention is causal, what
 * is computed for a span depends on earlier ones alone.
 *
 * @param rows how many sequences
 * @param from the first token's place in the sequence
 * @param to the place after the last; queries see the keys before it
 */
record UnclipSpan(int rows, int from, int to) {

  /** The whole sequence. */
  static UnclipSpan whole(UnclipShape shape, int rows) {
    return new UnclipSpan(rows, 0, shape.tokens());
  }

  /** The text: what does not change between diffusion steps. */
  static UnclipSpan text(UnclipShape shape, int rows) {
    return new UnclipSpan(rows, 0, textEnd(shape));
  }

  /** All after the text. */
  static UnclipSpan step(UnclipShape shape, int rows) {
    return new UnclipSpan(rows, textEnd(shape), shape.tokens());
  }

  private static int textEnd(UnclipShape shape) {
    return shape.conf().textTokens() + 1;
  }

  /** Tokens of a row. */
  int length() {
    return to - from;
  }

  /** Tokens of all rows. */
  long tokens() {
    return (long) rows * length();
  }

  /** Whether a token at a place of the sequence is in it. */
  boolean holds(int place) {
    return place >= from && place < to;
  }
}
