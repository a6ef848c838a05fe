package prior.train;

import java.util.Arrays;
import prior.data.NamedRandom;

/**
 * The random part of a training batch.
 *
 * @param noise standard normal {@code [B * k, D]}, the k draws of a pair one after another
 * @param times timesteps {@code [B * k]}
 * @param keepText 1 to keep a pair's text {@code [B * k]}, the same for all its draws
 * @param keepImage 1 to keep a draw's noised image {@code [B * k]}
 * @param selfCond 1 where a draw conditions on its own estimate, where the network can {@code [B *
 *     k]}
 */
public record Draws(
    float[] noise, int[] times, float[] keepText, float[] keepImage, float[] selfCond) {
  private static final double SELF_CONDITIONED = 0.5;

  /** What to draw from. */
  public record Rule(
      long seed, Timesteps timesteps, int dim, double textDrop, double imageDrop, int perPair)
      implements java.io.Serializable {

    /** All of a number of timesteps alike. */
    public Rule(long seed, int timesteps, int dim, double textDrop, double imageDrop, int perPair) {
      this(seed, new Timesteps.Uniform(timesteps), dim, textDrop, imageDrop, perPair);
    }
  }

  /**
   * The draws of pairs, each a function of the seed, the pair's epoch, its id and the draw's number
   * alone. A batch conditions on its own estimates as a whole or not at all, by its first pair.
   */
  public static Draws named(Rule rule, long[] epochs, long[] rowIds) {
    int rows = rowIds.length * rule.perPair();
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
      int pair = row / rule.perPair();
      draws.fill(row, rule, names(epochs[pair], rowIds[pair], row % rule.perPair()));
    }
    return draws;
  }

  /** A pair's first draw has the pair's own names. */
  private static long[] names(long epoch, long rowId, int draw) {
    return draw == 0 ? new long[] {epoch, rowId} : new long[] {epoch, rowId, draw};
  }

  private void fill(int row, Rule rule, long[] names) {
    NamedRandom.of(rule.seed(), "noise", names).fillGaussian(noise, row * rule.dim(), rule.dim());
    times[row] = rule.timesteps().draw(NamedRandom.of(rule.seed(), "time", names));
    NamedRandom keep = NamedRandom.of(rule.seed(), "keep", names);
    boolean first = row % rule.perPair() == 0;
    float ownText = keep.nextDouble() < rule.textDrop() ? 0 : 1;
    keepText[row] = first ? ownText : keepText[row - 1];
    keepImage[row] = keep.nextDouble() < rule.imageDrop() ? 0 : 1;
  }
}
