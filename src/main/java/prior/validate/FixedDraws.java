package prior.validate;

import java.io.Serializable;
import java.util.Arrays;
import prior.data.NamedRandom;
import prior.train.Draws;

/**
 * Noise and timesteps of held-out pairs: a function of the seed, a pair's id and the draw's number
 * alone, so that the losses of two rounds, or of two runs, differ by the weights and nothing else.
 * Draws go through ten equal bands of timesteps in turn. Nothing is dropped.
 */
public record FixedDraws(long seed, int timesteps, int dim, int perPair) implements Serializable {
  /** Equal bands of timesteps. */
  public static final int BANDS = 10;

  /**
   * The draws of pairs.
   *
   * @param first the first pair's number among all
   */
  public Draws of(long[] rowIds, int first) {
    int rows = rowIds.length * perPair;
    float[] noise = new float[rows * dim];
    int[] times = new int[rows];
    float[] kept = new float[rows];
    Arrays.fill(kept, 1);
    for (int row = 0; row < rows; row++) {
      long id = rowIds[row / perPair];
      long draw = row % perPair;
      NamedRandom.of(seed, "validation noise", id, draw).fillGaussian(noise, row * dim, dim);
      int turn = (int) (((long) first * perPair + row) % BANDS);
      double within = NamedRandom.of(seed, "validation time", id, draw).nextDouble();
      times[row] = Math.min(timesteps - 1, (int) ((turn + within) * timesteps / BANDS));
    }
    return new Draws(noise, times, kept, kept, new float[rows]);
  }

  /** The band of a timestep. */
  public int band(int time) {
    return (int) ((long) BANDS * time / timesteps);
  }
}
