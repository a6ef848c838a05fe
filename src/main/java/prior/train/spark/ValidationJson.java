package prior.train.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import prior.conf.ValidationMetric;
import prior.train.Validation;

/** Validations as a run's files hold them. JSON has no NaN: such numbers are null. */
final class ValidationJson {
  private ValidationJson() {}

  /** What a validation measured. */
  static Map<String, Object> measured(Validation validation) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("online", losses(validation.online()));
    if (validation.ema() != null) {
      json.put("ema", losses(validation.ema()));
    }
    json.put("samples", validation.samples().stream().map(ValidationJson::samples).toList());
    return json;
  }

  private static Map<String, Object> losses(Validation.Losses losses) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("loss", number(losses.loss()));
    json.put("loss_by_time", losses.byTime().stream().map(ValidationJson::text).toArray());
    json.put("squared_error", number(losses.squaredError()));
    return json;
  }

  private static Object text(Double value) {
    return number(value);
  }

  private static Map<String, Object> samples(Validation.Samples samples) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("weights", samples.weights());
    json.put("steps", samples.steps());
    samples.scores().forEach((name, score) -> json.put(name, number(score)));
    return json;
  }

  private static Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** What is drawn. */
  static Map<String, Object> picture(long round, Validation.Picture picture) {
    Map<String, Object> histograms = new LinkedHashMap<>();
    histograms.put("edges", picture.edges());
    histograms.putAll(picture.histograms());
    return Map.of(
        "round",
        round,
        "histograms",
        histograms,
        "projection",
        Map.of("predicted", picture.predicted(), "image", picture.image()));
  }

  /** Where a metric's value lies in a line, as a JSON pointer. */
  static List<String> places(ValidationMetric metric) {
    return metric.ofSamples()
        ? List.of("/samples/0/" + metric.key())
        : List.of("/ema/" + metric.key(), "/online/" + metric.key());
  }
}
