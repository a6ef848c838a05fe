package prior.train;

import java.util.Arrays;
import prior.data.NamedRandom;

/**
 * The random part of a training batch.
 *
 * @param noise standard normal {@code [B, D]}
 * @param times timesteps {@code [B]}
 * @param keepText 1 to keep a row's text {@code [B]}
 * @param keepImage 1 to keep a row's noised image {@code [B]}
 * @param selfCond 1 where a row conditions on its own estimate, where the network can {@code [B]}
 */
public record Draws(
    float[] noise, int[] times, float[] keepText, float[] keepImage, float[] selfCond) {
  private static final double SELF_CONDITIONED = 0.5;

  /** What to draw from. */
  public record Rule(long seed, int timesteps, int dim, double textDrop, double imageDrop)
      implements java.io.Serializable {}

  /**
   * The draws of rows, each a function of the seed, the row's epoch and its id alone. A batch
   * conditions on its own estimates as a whole or not at all, by its first row.
   */
  public static Draws named(Rule rule, long[] epochs, long[] rowIds) {
    int rows = rowIds.length;
    Draws draws =
        new Draws(
            new float[rows * rule.dim()],
            new int[rows],
            new float[rows],
            new float[rows],
            new float[rows]);
    NamedRandom self = NamedRandom.of(rule.seed(), "self-condition", epochs[0], rowIds[0]);
    Arrays.fill(draws.selfCond, self.nextDouble() < SELF_CONDITIONED ? 1 : 0);
    for (int row = 0; row < rows; row++) {
      long id = rowIds[row];
      long epoch = epochs[row];
      NamedRandom.of(rule.seed(), "noise", epoch, id)
          .fillGaussian(draws.noise, row * rule.dim(), rule.dim());
      draws.times[row] = NamedRandom.of(rule.seed(), "time", epoch, id).nextInt(rule.timesteps());
      NamedRandom keep = NamedRandom.of(rule.seed(), "keep", epoch, id);
      draws.keepText[row] = keep.nextDouble() < rule.textDrop() ? 0 : 1;
      draws.keepImage[row] = keep.nextDouble() < rule.imageDrop() ? 0 : 1;
    }
    return draws;
  }
}
