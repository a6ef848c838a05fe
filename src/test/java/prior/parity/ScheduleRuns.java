package prior.parity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.conf.BetaSchedule;
import prior.conf.ConfLoader;
import prior.conf.UnclipSchedulerConf;
import prior.diffusion.DdimTimes;
import prior.diffusion.NoiseSchedule;
import prior.diffusion.UnclipSampler;
import prior.diffusion.UnclipSchedule;

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

  /** The scheduler of a case, with what a run sets over it. */
  static UnclipSchedulerConf scheduler(JsonNode config, JsonNode args) {
    ObjectNode keys = config.path("scheduler").deepCopy();
    keys.fieldNames()
        .forEachRemaining(
            key -> {
              if (args.has(key)) {
                keys.set(key, args.path(key));
              }
            });
    return ConfLoader.priorFromDiffusers("{}", keys.toString()).unclip().scheduler();
  }

  private UnclipSchedule unclip(JsonNode run) {
    return new UnclipSchedule(scheduler(golden.config(), run.path("args")));
  }

  void unclipTables(JsonNode run) {
    UnclipSchedule schedule = unclip(run);
    compareTable(run, "betas", schedule.betas());
    compareTable(run, "alphas", schedule.alphas());
    compareTable(run, "alphas_cumprod", schedule.alphasCumprod());
  }

  private void compareTable(JsonNode run, String role, float[] found) {
    String expected = run.path("out").path(role).asText();
    Agreement.elementwise(
        expected, found, golden.tensor(expected).floats(), golden.tolerance("schedule"));
  }

  void unclipTimesteps(JsonNode run) {
    compareTimesteps(run, unclip(run), run.path("args").path("num_inference_steps").asInt());
  }

  void compareTimesteps(JsonNode run, UnclipSchedule schedule, int steps) {
    String expected = run.path("out").path("timesteps").asText();
    int[] found = schedule.times(steps);
    float[] times = new float[found.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = found[i];
    }
    Agreement.absolute(expected, times, golden.tensor(expected).floats(), 0);
  }

  void unclipStep(JsonNode run) {
    UnclipSchedule schedule = unclip(run);
    JsonNode args = run.path("args");
    int t = args.path("timestep").asInt();
    INDArray x = golden.array(run.path("in").path("sample").asText());
    INDArray x0 = x.like();
    INDArray prediction = golden.array(run.path("in").path("model_output").asText());
    UnclipSampler.estimate(schedule.estimate(t), x, prediction, x0);
    UnclipSchedule.Step step = schedule.step(t, args.path("prev_timestep").asInt(t - 1));
    INDArray noise = golden.array(run.path("in").path("noise").asText());
    INDArray previous = x0.mul(step.x0Weight()).addi(x.mul(step.xtWeight()));
    previous.addi(noise.mul(step.deviation()));
    compareArray(run, "pred_original_sample", x0);
    compareArray(run, "prev_sample", previous);
  }

  void unclipAddNoise(JsonNode run) {
    UnclipSchedule schedule = unclip(run);
    INDArray noised = golden.array(run.path("in").path("x_start").asText());
    INDArray noise = golden.array(run.path("in").path("noise").asText());
    double[] times = golden.tensor(run.path("in").path("times").asText()).values();
    for (int row = 0; row < times.length; row++) {
      int t = (int) times[row];
      noised.getRow(row).muli(schedule.signal(t)).addi(noise.getRow(row).mul(schedule.noise(t)));
    }
    compareArray(run, "noisy", noised);
  }

  private void compareArray(JsonNode run, String role, INDArray found) {
    String expected = run.path("out").path(role).asText();
    Agreement.relative(
        expected,
        found.data().asFloat(),
        golden.tensor(expected).floats(),
        golden.tolerance("sample"));
  }
}
