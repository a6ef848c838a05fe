package prior.train;

import java.io.Serializable;
import java.util.Arrays;
import prior.conf.PriorConf;
import prior.conf.TimeSampling;
import prior.data.NamedRandom;
import prior.diffusion.ExpectedLoss;
import prior.diffusion.NoiseLevels;

/**
 * How often training draws each timestep. A loss that is multiplied by its row's correction has, on
 * average, the value and the gradient it has under even draws.
 */
public sealed interface Timesteps extends Serializable {

  /** A timestep, from 0. */
  int draw(NamedRandom random);

  /** {@code 1 / (T p_t)}. */
  double correction(int t);

  /** What the configuration says. */
  static Timesteps of(PriorConf prior, TimeSampling sampling) {
    return switch (sampling) {
      case UNIFORM -> new Uniform(prior.trainTimesteps());
      case IMPORTANCE -> new Important(ExpectedLoss.of(prior, NoiseLevels.of(prior)));
    };
  }

  /** All timesteps alike. */
  record Uniform(int count) implements Timesteps {
    @Override
    public int draw(NamedRandom random) {
      return random.nextInt(count);
    }

    @Override
    public double correction(int t) {
      return 1;
    }
  }

  /**
   * In proportion to numbers such as the losses' sizes (Nichol and Dhariwal 2021, equation 18), but
   * for a share of even draws, which bounds the corrections.
   */
  final class Important implements Timesteps {
    private static final long serialVersionUID = 1;

    /** Corrections are at most one over this. */
    private static final double EVEN = 0.1;

    private final double[] reached;

    /**
     * @param sizes for each timestep, not all 0
     */
    public Important(double[] sizes) {
      double sum = Arrays.stream(sizes).sum();
      this.reached = new double[sizes.length];
      double total = 0;
      for (int t = 0; t < sizes.length; t++) {
        total += (1 - EVEN) * sizes[t] / sum + EVEN / sizes.length;
        reached[t] = total;
      }
      reached[sizes.length - 1] = 1;
    }

    @Override
    public int draw(NamedRandom random) {
      int found = Arrays.binarySearch(reached, random.nextDouble());
      return found >= 0 ? found + 1 : -found - 1;
    }

    @Override
    public double correction(int t) {
      double share = reached[t] - (t == 0 ? 0 : reached[t - 1]);
      return 1 / (reached.length * share);
    }
  }
}
