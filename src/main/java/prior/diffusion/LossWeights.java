package prior.diffusion;

import prior.conf.Objective;
import prior.conf.PriorConf;

/** What the loss of a row is multiplied by, by the signal-to-noise ratio of its timestep. */
public final class LossWeights {
  private LossWeights() {}

  /** One for each timestep. */
  public static double[] of(PriorConf prior, NoiseLevels levels) {
    double[] weights = new double[levels.timesteps()];
    for (int t = 0; t < weights.length; t++) {
      weights[t] = of(prior, levels.snr(t));
    }
    return weights;
  }

  private static double of(PriorConf prior, double snr) {
    return switch (prior.lossWeight()) {
      case NONE -> 1;
      case MIN_SNR -> minSnr(prior.predicts(), snr, prior.minSnrGamma());
      case P2 -> p2(snr, prior.p2Gamma(), prior.p2K());
    };
  }

  /**
   * {@code min(snr, gamma)} of the loss of x_0, in terms of what is predicted (Hang et al. 2023,
   * section 3.4).
   */
  static double minSnr(Objective objective, double snr, double gamma) {
    return switch (objective) {
      case X_START -> Math.min(snr, gamma);
      case NOISE -> Math.min(1, gamma / snr);
      case V -> Math.min(snr, gamma) / (snr + 1);
    };
  }

  /** {@code (k + snr)^-gamma} (Choi et al. 2022, equation 8). */
  static double p2(double snr, double gamma, double k) {
    return Math.pow(k + snr, -gamma);
  }
}
