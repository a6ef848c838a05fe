package prior.diffusion;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import prior.conf.BetaSchedule;

/**
 * The tables of the forward process q and its posterior (Ho et al. 2020, equations 4 to 7), one
 * entry for each timestep, as float32. Computed in double; the jsd schedule in float throughout, as
 * the reference does.
 *
 * <p>With {@code ac} for alphaBar, the running product of {@code alpha = 1 - beta}.
 */
public final class NoiseSchedule {
  private static final double SMALLEST_VARIANCE = 1e-20;

  private final int timesteps;
  private final DoubleUnaryOperator rounding;
  private final double[] ac;
  private final Map<String, float[]> tables = new LinkedHashMap<>();

  private NoiseSchedule(BetaSchedule schedule, int timesteps) {
    this.timesteps = timesteps;
    this.rounding = schedule == BetaSchedule.JSD ? x -> (float) x : x -> x;
    double[] betas = Betas.of(schedule, timesteps);
    this.ac = alphasCumprod(betas);
    fill("betas", t -> betas[t]);
    fill("alphas_cumprod", t -> ac[t]);
    fill("alphas_cumprod_prev", t -> previous(t));
    fill("sqrt_alphas_cumprod", t -> Math.sqrt(ac[t]));
    fill("sqrt_one_minus_alphas_cumprod", t -> Math.sqrt(rounded(1 - ac[t])));
    fill("log_one_minus_alphas_cumprod", t -> Math.log(rounded(1 - ac[t])));
    fill("sqrt_recip_alphas_cumprod", t -> Math.sqrt(rounded(1 / ac[t])));
    fill("sqrt_recipm1_alphas_cumprod", t -> Math.sqrt(rounded(rounded(1 / ac[t]) - 1)));
    fillPosterior(betas);
    fill("p2_loss_weight", t -> 1);
  }

  /** {@code (k + ac / (1 - ac))^-gamma}, the p2 weighting (Choi et al. 2022, equation 8). */
  public float[] p2LossWeight(double gamma, double k) {
    float[] weight = new float[timesteps];
    for (int t = 0; t < timesteps; t++) {
      weight[t] = (float) LossWeights.p2(ac[t] / (1 - ac[t]), gamma, k);
    }
    return weight;
  }

  /**
   * The schedule of {@code timesteps} steps.
   *
   * @throws IllegalArgumentException where the tables would hold NaN: below 20 steps the linear,
   *     quadratic and sigmoid schedules exceed beta 1
   */
  public static NoiseSchedule of(BetaSchedule schedule, int timesteps) {
    NoiseSchedule tables = new NoiseSchedule(schedule, timesteps);
    for (float beta : tables.table("betas")) {
      if (!(beta >= 0 && beta <= 1)) {
        throw new IllegalArgumentException(
            "Cannot use the %s schedule with %d timesteps: expected betas within 0..1, found %s"
                .formatted(schedule, timesteps, beta));
      }
    }
    return tables;
  }

  private double[] alphasCumprod(double[] betas) {
    double[] products = new double[timesteps];
    double product = 1;
    for (int t = 0; t < timesteps; t++) {
      product *= rounded(1 - betas[t]);
      products[t] = rounded(product);
    }
    return products;
  }

  private void fillPosterior(double[] betas) {
    PerStep variance = t -> rounded(betas[t] * rounded(1 - previous(t))) / rounded(1 - ac[t]);
    fill("posterior_variance", variance);
    fill(
        "posterior_log_variance_clipped",
        t -> Math.log(Math.max(rounded(variance.at(t)), SMALLEST_VARIANCE)));
    fill(
        "posterior_mean_coef1",
        t -> rounded(betas[t] * rounded(Math.sqrt(previous(t)))) / rounded(1 - ac[t]));
    fill(
        "posterior_mean_coef2",
        t ->
            rounded(rounded(1 - previous(t)) * rounded(Math.sqrt(rounded(1 - betas[t]))))
                / rounded(1 - ac[t]));
  }

  @FunctionalInterface
  private interface PerStep {
    double at(int t);
  }

  private void fill(String name, PerStep value) {
    float[] table = new float[timesteps];
    for (int t = 0; t < timesteps; t++) {
      table[t] = (float) value.at(t);
    }
    tables.put(name, table);
  }

  private double rounded(double x) {
    return rounding.applyAsDouble(x);
  }

  private double previous(int t) {
    return t == 0 ? 1 : ac[t - 1];
  }

  /** T. */
  public int timesteps() {
    return timesteps;
  }

  /** The names of all tables, the reference's buffer names, in its order. */
  public Iterable<String> tableNames() {
    return tables.keySet();
  }

  /** A copy of a table by the reference's buffer name. */
  public float[] table(String name) {
    return tables.get(name).clone();
  }

  private float at(String name, int t) {
    return tables.get(name)[t];
  }

  /** The weight of x_0 in x_t, sqrt(ac). */
  public float signal(int t) {
    return at("sqrt_alphas_cumprod", t);
  }

  /** The weight of the noise in x_t, sqrt(1 - ac). */
  public float noise(int t) {
    return at("sqrt_one_minus_alphas_cumprod", t);
  }

  /** log(sqrt(ac) / sqrt(1 - ac)), in double; minus infinity where no signal is left. */
  public double lambda(int t) {
    return (Math.log(ac[t]) - Math.log1p(-ac[t])) / 2;
  }

  /** sqrt(1/ac). */
  public float reciprocalSignal(int t) {
    return at("sqrt_recip_alphas_cumprod", t);
  }

  /** sqrt(1/ac - 1). */
  public float noiseToSignal(int t) {
    return at("sqrt_recipm1_alphas_cumprod", t);
  }

  /** ac of the step before t, 1 for the first. */
  public float alphaBarBefore(int t) {
    return at("alphas_cumprod_prev", t);
  }

  /** The weight of x_0 in the posterior's mean. */
  public float posteriorX0(int t) {
    return at("posterior_mean_coef1", t);
  }

  /** The weight of x_t in the posterior's mean. */
  public float posteriorXt(int t) {
    return at("posterior_mean_coef2", t);
  }

  /** The posterior's standard deviation, from its clipped log variance. */
  public float posteriorDeviation(int t) {
    return (float) Math.exp(0.5 * at("posterior_log_variance_clipped", t));
  }

  /** The posterior's variance. */
  public float posteriorVariance(int t) {
    return at("posterior_variance", t);
  }

  /** The posterior's log variance, not below log(1e-20). */
  public float posteriorLogVariance(int t) {
    return at("posterior_log_variance_clipped", t);
  }
}
