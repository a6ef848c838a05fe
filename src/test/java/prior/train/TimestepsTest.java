package prior.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.conf.TimeSampling;
import prior.data.NamedRandom;
import prior.diffusion.ExpectedLoss;
import prior.diffusion.NoiseLevels;

class TimestepsTest {
  private static final int T = 50;
  private static final int DRAWS = 200_000;

  private static PriorConf prior(String... sets) {
    String[] all = Arrays.copyOf(sets, sets.length + 1);
    all[sets.length] = "prior.timesteps=" + T;
    return ConfLoader.load(List.of(), List.of(all)).settings().prior();
  }

  private static int[] drawn(Timesteps timesteps) {
    int[] drawn = new int[DRAWS];
    for (int row = 0; row < DRAWS; row++) {
      drawn[row] = timesteps.draw(NamedRandom.of(5, "time", 0, row));
    }
    return drawn;
  }

  /** Something that varies with the timestep, like a loss. */
  private static double loss(int t) {
    return 1 + Math.sin(0.3 * t) + 3.0 * t / T;
  }

  private static double evenMean() {
    double sum = 0;
    for (int t = 0; t < T; t++) {
      sum += loss(t) / T;
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"x_start, none, l2", "noise, none, l1", "v, p2, huber", "x_start, min-snr, l2"})
  void aLossTimesItsCorrectionHasTheMeanOfEvenDraws(String objective, String weight, String loss) {
    PriorConf prior =
        prior(
            "prior.objective=" + objective,
            "prior.loss_weight=" + weight,
            "prior.loss_type=" + loss);
    Timesteps timesteps = Timesteps.of(prior, TimeSampling.IMPORTANCE);
    double exactly = 0;
    double frequencies = 0;
    for (int t = 0; t < T; t++) {
      double share = 1 / (T * timesteps.correction(t));
      frequencies += share;
      exactly += share * timesteps.correction(t) * loss(t);
    }
    assertThat(frequencies).isCloseTo(1, within(1e-9));
    assertThat(exactly).isCloseTo(evenMean(), within(1e-9));
    double sum = 0;
    double squares = 0;
    for (int t : drawn(timesteps)) {
      double one = timesteps.correction(t) * loss(t);
      sum += one;
      squares += one * one;
    }
    double mean = sum / DRAWS;
    double error = Math.sqrt((squares / DRAWS - mean * mean) / DRAWS);
    assertThat(mean).isCloseTo(evenMean(), within(4 * error));
  }

  @Test
  void timestepsAreDrawnAsOftenAsTheirCorrectionsSay() {
    Timesteps timesteps = Timesteps.of(prior(), TimeSampling.IMPORTANCE);
    int[] counts = new int[T];
    for (int t : drawn(timesteps)) {
      counts[t]++;
    }
    double chiSquare = 0;
    for (int t = 0; t < T; t++) {
      double expected = DRAWS / (T * timesteps.correction(t));
      chiSquare += (counts[t] - expected) * (counts[t] - expected) / expected;
    }
    assertThat(chiSquare).as("chi square of 49 degrees of freedom").isBetween(20.0, 90.0);
  }

  @Test
  void whereTheLossIsAsExpectedItsSpreadIsSmallerThanUnderEvenDraws() {
    PriorConf prior = prior();
    double[] expected = ExpectedLoss.of(prior, NoiseLevels.of(prior));
    Timesteps important = Timesteps.of(prior, TimeSampling.IMPORTANCE);
    double even = 0;
    double sampled = 0;
    for (int t = 0; t < T; t++) {
      even += expected[t] * expected[t] / T;
      sampled += important.correction(t) * expected[t] * expected[t] / T;
    }
    double mean = Arrays.stream(expected).sum() / T;
    assertThat(sampled - mean * mean).isLessThan(0.1 * (even - mean * mean));
  }

  @Test
  void correctionsAreBounded() {
    Timesteps timesteps = new Timesteps.Important(new double[] {0, 0, 1e9, 0});
    for (int t = 0; t < 4; t++) {
      assertThat(timesteps.correction(t)).isBetween(0.0, 10 + 1e-9);
    }
  }

  /** The loss of the best prediction of normal data, by drawing that data. */
  @ParameterizedTest
  @CsvSource({"x_start, l2", "noise, l2", "v, l2", "x_start, l1", "v, l1"})
  void theExpectedLossIsThatOfTheBestPredictionOfNormalData(String objective, String loss) {
    PriorConf prior =
        prior(
            "prior.objective=" + objective,
            "prior.loss_type=" + loss,
            "prior.image_embed_scale=30");
    double s = 30 / Math.sqrt(prior.imageDim());
    NoiseLevels levels = NoiseLevels.of(prior);
    double[] expected = ExpectedLoss.of(prior, levels);
    NamedRandom random = NamedRandom.of(1, "data");
    double ratio = 0;
    for (int t : new int[] {2, 20, 45}) {
      double a = levels.signal()[t];
      double b = levels.noise()[t];
      double variance = a * a * s * s + b * b;
      double sum = 0;
      for (int i = 0; i < 100_000; i++) {
        double x0 = s * random.nextGaussian();
        double noise = random.nextGaussian();
        double xt = a * x0 + b * noise;
        double target =
            switch (prior.objective()) {
              case X_START -> x0 - a * s * s / variance * xt;
              case NOISE -> noise - b / variance * xt;
              case V -> a * noise - b * x0 - (a * b - a * b * s * s) / variance * xt;
            };
        sum += loss.equals("l1") ? Math.abs(target) : target * target;
      }
      double found = sum / 100_000 / expected[t];
      ratio = ratio == 0 ? found : ratio;
      assertThat(found).as("at %d", t).isCloseTo(ratio, Percentage.withPercentage(2));
    }
  }

  @Test
  void evenDrawsAreTheNumbersTheyAlwaysWere() {
    Timesteps even = Timesteps.of(prior(), TimeSampling.UNIFORM);
    assertThat(even.draw(NamedRandom.of(5, "time", 0, 3)))
        .isEqualTo(NamedRandom.of(5, "time", 0, 3).nextInt(T));
    assertThat(even.correction(7)).isEqualTo(1);
  }
}
