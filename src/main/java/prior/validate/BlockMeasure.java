package prior.validate;

import java.io.Serializable;
import java.util.List;

/**
 * What a block of pairs measured.
 *
 * @param text the pairs' text embeddings {@code [n, P]}
 * @param image their image embeddings {@code [n, D]}
 * @param losses of each set of weights, in the order they were given
 * @param sampled for each number of steps
 */
@SuppressWarnings("ArrayRecordComponent")
public record BlockMeasure(
    int number, int rows, float[] text, float[] image, List<LossSums> losses, List<Sampled> sampled)
    implements Serializable {

  /**
   * Predictions with one number of steps.
   *
   * @param predicted {@code [n, D]}
   * @param apart sum over texts of 1 - cosine between two samples of one text
   * @param twice texts that were sampled twice
   */
  public record Sampled(int steps, float[] predicted, double apart, int twice)
      implements Serializable {}
}
