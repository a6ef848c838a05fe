package prior.diffusion;

import prior.conf.PriorConf;

/**
 * The weighted loss of the best prediction at each timestep, were the elements of x_0 independent
 * and normal with mean 0: what the noise leaves unknown of x_0 then has the variance {@code P = s^2
 * / (1 + snr s^2)}, with s the deviation of x_0's elements.
 */
public final class ExpectedLoss {
  private ExpectedLoss() {}

  /** One for each timestep, up to a factor common to all. */
  public static double[] of(PriorConf prior, NoiseLevels levels) {
    double[] expected = LossWeights.of(prior, levels);
    for (int t = 0; t < expected.length; t++) {
      double variance = variance(prior, levels.snr(t));
      expected[t] *=
          switch (prior.lossType()) {
            case L1 -> Math.sqrt(variance);
            case L2, HUBER -> variance;
          };
    }
    return expected;
  }

  /** Of what is predicted, given x_t: noise and v are linear in x_0 and x_t. */
  private static double variance(PriorConf prior, double snr) {
    double data = dataVariance(prior);
    double x0 = data / (1 + snr * data);
    return switch (prior.predicts()) {
      case X_START -> x0;
      case NOISE -> snr * x0;
      case V -> (1 + snr) * x0;
    };
  }

  /** Of x_0's elements, for embeddings of length 1 or brought to deviation 1. */
  private static double dataVariance(PriorConf prior) {
    double scale = prior.scale();
    return prior.imageScale().measured() ? 1 : scale * scale / prior.imageDim();
  }
}
