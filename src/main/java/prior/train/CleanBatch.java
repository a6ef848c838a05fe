package prior.train;

/**
 * Pairs as they lie on disk, with the widths of the network they are for.
 *
 * @param text {@code [B, P]}
 * @param image {@code [B, D]}
 * @param encodings {@code [B, M, E]}, zero rows are padding; null without encodings
 * @param attributes {@code [B, C]}, see {@link prior.data.AttributeColumn}; null without attributes
 */
public record CleanBatch(
    int rows, float[] text, float[] image, float[] encodings, float[] attributes) {

  /** A batch without attributes. */
  public CleanBatch(int rows, float[] text, float[] image, float[] encodings) {
    this(rows, text, image, encodings, null);
  }
}
