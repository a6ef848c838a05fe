package prior.diffusion;

import prior.conf.UnclipSchedulerConf;

/**
 * The tables of diffusers' {@code UnCLIPScheduler} and its step (Ho et al. 2020, equations 6 and 7,
 * between any two timesteps). Betas are computed in double and kept as float32; the running product
 * of the float32 alphas is accumulated in double.
 */
public final class UnclipSchedule {
  private static final double OFFSET = 0.008;
  private static final double LARGEST = 0.999;
  private static final double SMALLEST_VARIANCE = 1e-20;

  private final UnclipSchedulerConf conf;
  private final float[] betas;
  private final float[] alphas;
  private final float[] alphasCumprod;

  public UnclipSchedule(UnclipSchedulerConf conf) {
    int timesteps = conf.numTrainTimesteps();
    this.conf = conf;
    this.betas = new float[timesteps];
    this.alphas = new float[timesteps];
    this.alphasCumprod = new float[timesteps];
    double product = 1;
    for (int t = 0; t < timesteps; t++) {
      double ratio = alphaBar((t + 1.0) / timesteps) / alphaBar((double) t / timesteps);
      betas[t] = (float) Math.min(1 - ratio, LARGEST);
      alphas[t] = 1 - betas[t];
      product *= alphas[t];
      alphasCumprod[t] = (float) product;
    }
  }

  /** The cosine schedule at a share of its length (Nichol and Dhariwal 2021, equation 17). */
  private static double alphaBar(double share) {
    double cos = Math.cos((share + OFFSET) / (1 + OFFSET) * Math.PI / 2);
    return cos * cos;
  }

  /** T. */
  public int timesteps() {
    return betas.length;
  }

  /** A copy of beta_t. */
  public float[] betas() {
    return betas.clone();
  }

  /** A copy of 1 - beta_t. */
  public float[] alphas() {
    return alphas.clone();
  }

  /** A copy of the running product of the alphas. */
  public float[] alphasCumprod() {
    return alphasCumprod.clone();
  }

  /** The weight of x_0 in x_t. */
  public float signal(int t) {
    return (float) Math.sqrt(alphasCumprod[t]);
  }

  /** The weight of the noise in x_t. */
  public float noise(int t) {
    return (float) Math.sqrt(1 - (double) alphasCumprod[t]);
  }

  /** The timesteps that n steps visit, from T - 1 to 0, evenly spaced and rounded half to even. */
  public int[] times(int n) {
    double spacing = (timesteps() - 1.0) / (n - 1);
    int[] times = new int[n];
    for (int k = 0; k < n; k++) {
      times[n - 1 - k] = (int) Math.rint(k * spacing);
    }
    return times;
  }

  /**
   * The numbers of one step from t to an earlier timestep: {@code x' = x0Weight x_0 + xtWeight x_t
   * + deviation noise}, with x_0 as {@link #estimate} gives it.
   *
   * @param deviation 0 at t = 0
   */
  public record Step(double x0Weight, double xtWeight, double deviation) {}

  /**
   * The step from t to {@code previous}.
   *
   * @param previous below t; -1 for the clean end
   */
  public Step step(int t, int previous) {
    double acT = alphasCumprod[t];
    double acPrevious = previous >= 0 ? alphasCumprod[previous] : 1;
    boolean neighbours = previous == t - 1;
    double beta = neighbours ? betas[t] : 1 - acT / acPrevious;
    double alpha = neighbours ? alphas[t] : 1 - beta;
    double variance = (1 - acPrevious) / (1 - acT) * beta;
    return new Step(
        Math.sqrt(acPrevious) * beta / (1 - acT),
        Math.sqrt(alpha) * (1 - acPrevious) / (1 - acT),
        t > 0 ? Math.sqrt(Math.max(variance, SMALLEST_VARIANCE)) : 0);
  }

  /**
   * How a prediction becomes the estimate of x_0: {@code xtWeight x_t + predictionWeight
   * prediction}, cut to plus and minus {@code range}.
   *
   * @param range infinity where estimates are not cut
   */
  public record Estimate(double xtWeight, double predictionWeight, double range) {}

  /** The estimate of x_0 at t. */
  public Estimate estimate(int t) {
    double range = conf.clipSample() ? conf.clipSampleRange() : Double.POSITIVE_INFINITY;
    double acT = alphasCumprod[t];
    return switch (conf.predictionType()) {
      case SAMPLE -> new Estimate(0, 1, range);
      case EPSILON -> new Estimate(1 / Math.sqrt(acT), -Math.sqrt(1 - acT) / Math.sqrt(acT), range);
    };
  }
}
