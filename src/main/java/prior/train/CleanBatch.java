package prior.train;

/**
 * Pairs as they lie on disk.
 *
 * @param text {@code [B, D]}
 * @param image {@code [B, D]}, unit norm
 * @param encodings {@code [B, M, D]}, zero rows are padding; null without encodings
 */
public record CleanBatch(int rows, int dim, float[] text, float[] image, float[] encodings) {}
