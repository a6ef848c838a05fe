package prior.train;

/**
 * Pairs as they lie on disk, with the widths of the network they are for.
 *
 * @param text {@code [B, P]}
 * @param image {@code [B, D]}
 * @param encodings {@code [B, M, E]}, zero rows are padding; null without encodings
 */
public record CleanBatch(int rows, float[] text, float[] image, float[] encodings) {}
