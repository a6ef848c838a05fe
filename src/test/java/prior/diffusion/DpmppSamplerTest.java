package prior.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.BetaSchedule;
import prior.conf.DpmppGrid;
import prior.conf.Objective;
import prior.conf.SamplerChoice;
import prior.conf.SamplingClamp;
import prior.fault.UserFault;

class DpmppSamplerTest {
  private static final Target PLAIN =
      new Target(Objective.X_START, 1, SamplingClamp.NONE, false, false);
  private static final double[] START = {-1.7, -0.4, 0.3, 1.9};

  /** Mean and deviation of the data whose best denoiser is known. */
  private static final double MEAN = 0.5;

  private static final double DEVIATION = 0.4;

  private static Sampler sampler(
      SamplerChoice choice, NoiseSchedule schedule, int steps, DpmppGrid grid) {
    return Sampler.of(schedule, PLAIN, new Sampler.Sampling(choice, steps, 0, grid));
  }

  private static double[] sample(Sampler sampler, Denoiser denoiser, double... start) {
    INDArray x = Nd4j.create(DataType.DOUBLE, 1, start.length);
    NoiseSource noise = (entry, into) -> into.assign(Nd4j.createFromArray(start).reshape(1, -1));
    return sampler.sample(denoiser, noise, x).dup().data().asDouble();
  }

  @Test
  void itsNumbersAreThoseOfDiffusersMultistepSchedulerWrittenOutInDouble() throws IOException {
    JsonNode golden;
    try (InputStream in = getClass().getResourceAsStream("/diffusion/dpmpp.json")) {
      golden = new ObjectMapper().readTree(in);
    }
    NoiseSchedule schedule = NoiseSchedule.of(BetaSchedule.COSINE, 1000);
    Denoiser denoiser = (x, t, x0) -> Nd4j.math().tanh(x.mul(1.5).addi(0.3 - t / 1000.0));
    double[] start = doubles(golden.path("start"));
    for (JsonNode run : golden.path("runs")) {
      int steps = run.path("steps").asInt();
      double[] times =
          Arrays.stream(DpmppTimes.of(schedule, DpmppGrid.TIME, steps)).asDoubleStream().toArray();
      assertThat(times).containsExactly(doubles(run.path("times")));
      Sampler sampler = sampler(SamplerChoice.DPMPP, schedule, steps, DpmppGrid.TIME);
      assertThat(sample(sampler, denoiser, start))
          .as("%d steps", steps)
          .containsExactly(doubles(run.path("sample")), within(1e-6));
    }
  }

  private static double[] doubles(JsonNode numbers) {
    double[] values = new double[numbers.size()];
    Arrays.setAll(values, i -> numbers.get(i).asDouble());
    return values;
  }

  /** E[x_0 | x_t] of Gaussian data. */
  private static Denoiser gaussian(NoiseSchedule schedule) {
    return (x, t, x0) -> {
      double alpha = schedule.signal(t);
      double gain = alpha * DEVIATION * DEVIATION / variance(schedule, t);
      return x.sub(alpha * MEAN).muli(gain).addi(MEAN);
    };
  }

  private static double variance(NoiseSchedule schedule, int t) {
    double spread = schedule.signal(t) * DEVIATION;
    return spread * spread + Math.pow(schedule.noise(t), 2);
  }

  /** Largest distance from where the probability flow leads, which is known too. */
  private static double error(SamplerChoice choice, DpmppGrid grid, int steps) {
    NoiseSchedule schedule = NoiseSchedule.of(BetaSchedule.COSINE, 65_537);
    double[] found = sample(sampler(choice, schedule, steps, grid), gaussian(schedule), START);
    int last = schedule.timesteps() - 1;
    double error = 0;
    for (int i = 0; i < START.length; i++) {
      double offset = START[i] - schedule.signal(last) * MEAN;
      double exact = MEAN + DEVIATION * offset / Math.sqrt(variance(schedule, last));
      error = Math.max(error, Math.abs(found[i] - exact));
    }
    return error;
  }

  @Test
  void twiceTheStepsLeaveAQuarterOfTheErrorOnGaussianDataAndHalfOfDdims() {
    double fine = error(SamplerChoice.DPMPP, DpmppGrid.LAMBDA, 128);
    assertThat(error(SamplerChoice.DPMPP, DpmppGrid.LAMBDA, 64) / fine).isBetween(3.6, 4.4);
    double ddim = error(SamplerChoice.DDIM, DpmppGrid.LAMBDA, 128);
    assertThat(error(SamplerChoice.DDIM, DpmppGrid.LAMBDA, 64) / ddim).isBetween(1.7, 2.4);
    assertThat(fine).isLessThan(ddim / 5);
  }

  @Test
  void timestepsSpacedEvenlyAreBetterAtFewStepsOnTheCosineSchedule() {
    double time = error(SamplerChoice.DPMPP, DpmppGrid.TIME, 16);
    assertThat(time).isLessThan(error(SamplerChoice.DPMPP, DpmppGrid.LAMBDA, 16));
    assertThat(time).isLessThan(error(SamplerChoice.DDIM, DpmppGrid.TIME, 16) / 4);
  }

  @Test
  void itsFirstStepIsDdimsWithoutNoise() {
    NoiseSchedule schedule = NoiseSchedule.of(BetaSchedule.LINEAR, 1000);
    int[] times = DpmppTimes.of(schedule, DpmppGrid.LAMBDA, 2);
    INDArray seen = Nd4j.create(DataType.DOUBLE, 1, 4);
    Denoiser denoiser =
        (x, t, x0) -> {
          seen.assign(x);
          return Nd4j.math().tanh(x.dup());
        };
    sample(sampler(SamplerChoice.DPMPP, schedule, 2, DpmppGrid.LAMBDA), denoiser, START);
    double signal = schedule.signal(times[0]);
    double noise = schedule.noise(times[0]);
    for (int i = 0; i < START.length; i++) {
      double x0 = Math.tanh(START[i]);
      double epsilon = (START[i] - signal * x0) / noise;
      double expected = schedule.signal(times[1]) * x0 + schedule.noise(times[1]) * epsilon;
      assertThat(seen.getDouble(i)).isCloseTo(expected, within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyScheduleIsVisitedWithoutRepetitionAndStaysFinite(BetaSchedule beta) {
    NoiseSchedule schedule = NoiseSchedule.of(beta, 50);
    for (DpmppGrid grid : DpmppGrid.values()) {
      for (int steps : new int[] {1, 2, 7, 49, 50}) {
        int[] times = DpmppTimes.of(schedule, grid, steps);
        assertThat(times).hasSize(steps).startsWith(49);
        assertThat(Arrays.stream(times).distinct().count()).isEqualTo(steps);
        assertThat(times[steps - 1]).isGreaterThanOrEqualTo(0);
        Sampler sampler = sampler(SamplerChoice.DPMPP, schedule, steps, grid);
        for (double value : sample(sampler, gaussian(schedule), START)) {
          assertThat(value).isBetween(-10.0, 10.0);
        }
      }
    }
  }

  @Test
  void networksThatConditionOnTheirOwnEstimateGetThePreviousOne() {
    NoiseSchedule schedule = NoiseSchedule.of(BetaSchedule.COSINE, 100);
    double[] calls = {0};
    Denoiser counting =
        (x, t, x0) -> {
          assertThat(x0.getDouble(0)).isEqualTo(calls[0]);
          calls[0]++;
          return x.like().addi(calls[0]);
        };
    sample(sampler(SamplerChoice.DPMPP, schedule, 5, DpmppGrid.LAMBDA), counting, START);
    assertThat(calls[0]).isEqualTo(5);
  }

  @Test
  void ddpmForFewerStepsThanThereAreTimestepsIsRefused() {
    NoiseSchedule schedule = NoiseSchedule.of(BetaSchedule.COSINE, 100);
    assertThatThrownBy(() -> sampler(SamplerChoice.DDPM, schedule, 64, DpmppGrid.LAMBDA))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("found infer.steps 64; set infer.steps=100");
  }
}
