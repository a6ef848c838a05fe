package prior.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import prior.conf.ValidationMetric;

/**
 * How good weights are on pairs that training does not see.
 *
 * @param pairs measured
 * @param online losses of the weights as the last step left them
 * @param ema the same of their moving average; null where none is kept
 * @param samples of the moving average, of the online weights where none is kept; one entry for
 *     each number of steps
 * @param picture null without samples
 */
public record Validation(
    int pairs, double seconds, Losses online, Losses ema, List<Samples> samples, Picture picture) {

  public Validation {
    samples = List.copyOf(samples);
  }

  /**
   * Losses with noise and timesteps that are always the same.
   *
   * @param loss mean over pairs, draws and elements, in the space diffusion works in
   * @param byTime the same within ten equal bands of timesteps; NaN where there is none
   * @param squaredError of the estimates of x_0 in the embeddings' own space, mean over elements
   */
  public record Losses(double loss, List<Double> byTime, double squaredError) {}

  /**
   * What predictions score.
   *
   * @param weights ema or online
   * @param steps of sampling
   * @param scores by name: cosines, recall and diversity
   */
  public record Samples(String weights, int steps, Map<String, Double> scores) {}

  /**
   * What is drawn of the predictions.
   *
   * @param edges of the histograms' bins
   * @param histograms counts of cosines by name
   * @param predicted first two principal coordinates of predictions
   * @param image the same of the true embeddings, in the same order
   */
  public record Picture(
      List<Double> edges,
      Map<String, long[]> histograms,
      List<double[]> predicted,
      List<double[]> image) {}

  /** The number that a metric goes by. */
  public double value(ValidationMetric metric) {
    Losses losses = ema == null ? online : ema;
    return switch (metric) {
      case LOSS -> losses.loss();
      case SQUARED_ERROR -> losses.squaredError();
      case COSINE_PREDICTED_IMAGE, RECALL_AT_1, RECALL_AT_5, RECALL_AT_10 ->
          samples.get(0).scores().get(metric.key());
    };
  }

  /**
   * Its finite numbers by name, such as {@code validation/loss} and {@code
   * validation/64/recall_at_1}.
   */
  public Map<String, Double> numbers() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    Losses losses = ema == null ? online : ema;
    numbers.put("validation/loss", losses.loss());
    numbers.put("validation/squared_error", losses.squaredError());
    numbers.put("validation/online_loss", online.loss());
    for (Samples sampled : samples) {
      String prefix = "validation/" + sampled.steps() + "/";
      sampled.scores().forEach((name, score) -> numbers.put(prefix + name, score));
    }
    numbers.put("time/validation_seconds", seconds);
    numbers.values().removeIf(number -> number == null || !Double.isFinite(number));
    return numbers;
  }

  /** The most important of them as {@code key=value}. */
  public String line() {
    StringBuilder line = new StringBuilder();
    Losses losses = ema == null ? online : ema;
    line.append(String.format(Locale.ROOT, "pairs=%d loss=%.5f", pairs, losses.loss()));
    for (Samples sampled : samples) {
      line.append(
          String.format(
              Locale.ROOT,
              " steps=%d cosine=%.4f (rewards the mean image, itself %.4f) recall@1=%.3f"
                  + " diversity=%.4f",
              sampled.steps(),
              sampled.scores().get("cosine_predicted_image"),
              sampled.scores().get("cosine_mean_image"),
              sampled.scores().get("recall_at_1"),
              sampled.scores().get("diversity")));
    }
    return line.append(String.format(Locale.ROOT, " seconds=%.2f", seconds)).toString();
  }
}
