package prior.infer;

/**
 * The choice among several samples of one text: the one whose embedding is most similar to the
 * text's by cosine, the first among equals (DALL-E 2, section 2.2).
 */
public final class BestOfN {
  private BestOfN() {}

  /** The index of the best of a text's first samples {@code [n, D]}. */
  static int choose(float[][] samples, float[] text, int n) {
    float[] flat = new float[n * text.length];
    for (int i = 0; i < n; i++) {
      System.arraycopy(samples[i], 0, flat, i * text.length, text.length);
    }
    return choose(flat, text, text.length, n)[0];
  }

  /**
   * The index of the best sample of each text.
   *
   * @param samples {@code [B*n, D]}, the n samples of a text one after another; what follows is not
   *     looked at
   * @param texts text embeddings {@code [B, D]}, of any length
   */
  public static int[] choose(float[] samples, float[] texts, int dim, int n) {
    int[] best = new int[texts.length / dim];
    for (int b = 0; b < best.length; b++) {
      double highest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        double similarity = Cosine.of(samples, (b * n + i) * dim, texts, b * dim, dim);
        if (similarity > highest) {
          highest = similarity;
          best[b] = i;
        }
      }
    }
    return best;
  }
}
