package prior.train;

import prior.data.NamedRandom;

/**
 * The random part of a training batch.
 *
 * @param noise standard normal {@code [B, D]}
 * @param times timesteps {@code [B]}
 * @param keepText 1 to keep a row's text {@code [B]}
 * @param keepImage 1 to keep a row's noised image {@code [B]}
 */
public record Draws(float[] noise, int[] times, float[] keepText, float[] keepImage) {

  /** What to draw from. */
  public record Rule(long seed, int timesteps, int dim, double textDrop, double imageDrop)
      implements java.io.Serializable {}

  /** The draws of rows, each a function of the seed, the epoch and the row's id alone. */
  public static Draws named(Rule rule, long epoch, long[] rowIds) {
    int rows = rowIds.length;
    Draws draws =
        new Draws(new float[rows * rule.dim()], new int[rows], new float[rows], new float[rows]);
    for (int row = 0; row < rows; row++) {
      long id = rowIds[row];
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
