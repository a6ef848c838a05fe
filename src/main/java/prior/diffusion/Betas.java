package prior.diffusion;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import prior.conf.BetaSchedule;

/** The variances beta_t added at each step, by schedule. */
final class Betas {
  private static final double COSINE_OFFSET = 0.008;
  private static final double LARGEST = 0.999;
  private static final double FIRST = 1e-4;
  private static final double LAST = 0.02;

  private Betas() {}

  static double[] of(BetaSchedule schedule, int timesteps) {
    double scale = 1000.0 / timesteps;
    IntToDoubleFunction share = t -> timesteps == 1 ? 0 : (double) t / (timesteps - 1);
    return switch (schedule) {
      case COSINE -> fill(timesteps, t -> cosine(t, timesteps));
      case LINEAR -> fill(timesteps, t -> between(scale * FIRST, scale * LAST, share, t));
      case QUADRATIC ->
          fill(
              timesteps,
              t -> {
                double root = between(Math.sqrt(scale * FIRST), Math.sqrt(scale * LAST), share, t);
                return root * root;
              });
      case JSD -> fill(timesteps, t -> 1f / (float) (timesteps - t));
      case SIGMOID ->
          fill(
              timesteps,
              t ->
                  sigmoid(12 * share.applyAsDouble(t) - 6) * scale * (LAST - FIRST)
                      + scale * FIRST);
    };
  }

  /** 1 - alphaBar(t+1)/alphaBar(t), at most 0.999 (Nichol and Dhariwal 2021, equation 17). */
  private static double cosine(int t, int timesteps) {
    double beta = 1 - cosineAlphaBar(t + 1, timesteps) / cosineAlphaBar(t, timesteps);
    return Math.min(Math.max(beta, 0), LARGEST);
  }

  private static double cosineAlphaBar(int t, int timesteps) {
    double angle = ((double) t / timesteps + COSINE_OFFSET) / (1 + COSINE_OFFSET) * Math.PI / 2;
    return Math.cos(angle) * Math.cos(angle);
  }

  private static double between(double from, double to, IntToDoubleFunction share, int t) {
    return from + (to - from) * share.applyAsDouble(t);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double[] fill(int timesteps, IntToDoubleFunction beta) {
    return IntStream.range(0, timesteps).mapToDouble(beta).toArray();
  }
}
