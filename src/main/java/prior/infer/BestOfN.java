package prior.infer;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The choice among several samples of one text: the one whose embedding is most similar to the text's
 * by cosine, the first among equals (DALL-E 2, section 2.2).
 */
public final class BestOfN {
  private BestOfN() {}

  /**
   * The index of the best sample of each text.
   *
   * @param samples {@code [B*n, D]}, the n samples of a text one after another
   * @param texts text embeddings {@code [B, D]}, of any length
   */
  public static int[] choose(INDArray samples, INDArray texts) {
    double[][] similarity = similarities(samples, texts);
    int[] best = new int[similarity.length];
    for (int b = 0; b < best.length; b++) {
      for (int i = 1; i < similarity[b].length; i++) {
        best[b] = similarity[b][i] > similarity[b][best[b]] ? i : best[b];
      }
    }
    return best;
  }

  /** The cosine of each sample to its text, {@code [B][n]}. */
  public static double[][] similarities(INDArray samples, INDArray texts) {
    int batch = Math.toIntExact(texts.size(0));
    int n = Math.toIntExact(samples.size(0) / batch);
    float[][] rows = samples.toFloatMatrix();
    float[][] text = texts.toFloatMatrix();
    double[][] similarity = new double[batch][n];
    for (int i = 0; i < rows.length; i++) {
      similarity[i / n][i % n] = Cosine.of(rows[i], text[i / n]);
    }
    return similarity;
  }
}
