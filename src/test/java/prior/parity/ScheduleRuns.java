package prior.parity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import prior.conf.BetaSchedule;
import prior.diffusion.DdimTimes;
import prior.diffusion.NoiseSchedule;

/** The runs about tables alone: {@code schedule}, {@code scheduler_ops}, {@code ddim_times}. */
final class ScheduleRuns {
  private final ReferenceCase golden;

  ScheduleRuns(ReferenceCase golden) {
    this.golden = golden;
  }

  void tables(JsonNode run) {
    NoiseSchedule schedule = schedule(run);
    JsonNode args = run.path("args");
    String group = args.path("beta_schedule").asText().equals("jsd") ? "schedule_jsd" : "schedule";
    Iterator<Map.Entry<String, JsonNode>> tables = run.path("out").fields();
    while (tables.hasNext()) {
      Map.Entry<String, JsonNode> table = tables.next();
      float[] found = schedule.table(table.getKey());
      double gamma = args.path("p2_loss_weight_gamma").asDouble();
      if (table.getKey().equals("p2_loss_weight") && gamma != 0) {
        found = schedule.p2LossWeight(gamma, args.path("p2_loss_weight_k").asDouble());
      }
      String expected = table.getValue().asText();
      Agreement.elementwise(
          expected, found, golden.tensor(expected).floats(), golden.tolerance(group));
    }
  }

  void operations(JsonNode run) {
    NoiseSchedule schedule = schedule(run);
    Rows x0 = rows(run, "x_start");
    Rows xt = rows(run, "x_t");
    Rows noise = rows(run, "noise");
    check(
        run,
        "q_sample",
        x0,
        (t, i) -> schedule.signal(t) * x0.at(i) + schedule.noise(t) * noise.at(i));
    check(run, "v", x0, (t, i) -> schedule.signal(t) * noise.at(i) - schedule.noise(t) * x0.at(i));
    check(
        run,
        "start_from_v",
        x0,
        (t, i) -> schedule.signal(t) * xt.at(i) - schedule.noise(t) * noise.at(i));
    check(
        run,
        "start_from_noise",
        x0,
        (t, i) ->
            schedule.reciprocalSignal(t) * xt.at(i) - schedule.noiseToSignal(t) * noise.at(i));
    check(
        run,
        "noise_from_start",
        x0,
        (t, i) -> (schedule.reciprocalSignal(t) * xt.at(i) - x0.at(i)) / schedule.noiseToSignal(t));
    check(
        run,
        "posterior_mean",
        x0,
        (t, i) -> schedule.posteriorX0(t) * x0.at(i) + schedule.posteriorXt(t) * xt.at(i));
    checkPerRow(run, "posterior_variance", schedule::posteriorVariance);
    checkPerRow(run, "posterior_log_variance", schedule::posteriorLogVariance);
    double[] to = golden.tensor(run.path("in").path("to_times").asText()).values();
    check(
        run,
        "q_sample_from_to",
        x0,
        (t, i) -> {
          int next = (int) to[i / x0.width()];
          float signal = schedule.signal(next) / schedule.signal(t);
          return signal * xt.at(i)
              + (schedule.noise(next) - schedule.noise(t) * signal) * noise.at(i);
        });
  }

  @FunctionalInterface
  private interface Element {
    double at(int t, int index);
  }

  private record Rows(float[] values, int width) {
    float at(int index) {
      return values[index];
    }
  }

  private void check(JsonNode run, String role, Rows like, Element element) {
    String expected = run.path("out").path(role).asText();
    double[] times = golden.tensor(run.path("in").path("times").asText()).values();
    float[] found = new float[like.values().length];
    for (int i = 0; i < found.length; i++) {
      found[i] = (float) element.at((int) times[i / like.width()], i);
    }
    Agreement.relative(
        expected, found, golden.tensor(expected).floats(), golden.tolerance("forward"));
  }

  private void checkPerRow(JsonNode run, String role, IntToDoubleFunction value) {
    String expected = run.path("out").path(role).asText();
    double[] times = golden.tensor(run.path("in").path("times").asText()).values();
    float[] found = new float[times.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = (float) value.applyAsDouble((int) times[i]);
    }
    Agreement.relative(
        expected, found, golden.tensor(expected).floats(), golden.tolerance("forward"));
  }

  private Rows rows(JsonNode run, String role) {
    Tensors.T tensor = golden.tensor(run.path("in").path(role).asText());
    return new Rows(tensor.floats(), (int) tensor.shape()[1]);
  }

  private static NoiseSchedule schedule(JsonNode run) {
    JsonNode args = run.path("args");
    String name = args.path("beta_schedule").asText().toUpperCase(Locale.ROOT);
    return NoiseSchedule.of(BetaSchedule.valueOf(name), args.path("timesteps").asInt());
  }

  void ddimTimes(JsonNode run) {
    JsonNode args = run.path("args");
    compareTimes(run, args.path("total_timesteps").asInt(), args.path("timesteps").asInt());
  }

  /** The timesteps that a run visited. */
  void compareTimes(JsonNode run, int total, int steps) {
    String expected = run.path("out").path("times").asText();
    int[] found = DdimTimes.of(total, steps);
    float[] times = new float[found.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = found[i];
    }
    Agreement.absolute(expected, times, golden.tensor(expected).floats(), 0);
  }
}
