package prior.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.data.NamedRandom;
import prior.diffusion.NoiseSchedule;
import prior.model.Network;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;
import prior.train.CleanBatch;
import prior.train.Draws;
import prior.train.InitialWeights;
import prior.train.Validation;

/** Losses against the formulas, written out over the network that computes whole sequences. */
class LossMeterTest {
  private static final int DIM = 16;
  private static final int PAIRS = 7;

  @ParameterizedTest
  @CsvSource({"x_start, l2, 1", "noise, l1, 1", "v, huber, 3"})
  void lossesAreTheMeansTheyAreSaidToBe(String objective, String loss, int draws) {
    PriorConf prior =
        ConfLoader.load(
                List.of(),
                List.of(
                    "prior.net.dim=16",
                    "prior.net.depth=2",
                    "prior.net.heads=2",
                    "prior.net.dim_head=8",
                    "prior.net.max_text_len=3",
                    "prior.net.num_timesteps=20",
                    "prior.timesteps=20",
                    "prior.objective=" + objective,
                    "prior.loss_type=" + loss))
            .settings()
            .prior();
    float[] weights = InitialWeights.of(ParameterLayout.of(NetworkShape.of(prior)), 3);
    INDArray flat = Nd4j.createFromArray(new float[][] {weights});
    CleanBatch clean = new CleanBatch(PAIRS, numbers("text"), numbers("image"), null);
    long[] ids = {11, 12, 13, 14, 15, 16, 17};
    FixedDraws fixed = new FixedDraws(5, 20, DIM, draws);
    Validation.Losses found =
        new LossMeter(prior, fixed, weights, flat, PairsToMeasure.BLOCK).of(clean, ids, 3).means();
    Validation.Losses expected = expected(prior, flat, clean, fixed.of(ids, 3));
    assertThat(found.loss()).isCloseTo(expected.loss(), within(1e-5));
    assertThat(found.squaredError()).isCloseTo(expected.squaredError(), within(1e-5));
    for (int band = 0; band < FixedDraws.BANDS; band++) {
      double value = expected.byTime().get(band);
      if (Double.isNaN(value)) {
        assertThat(found.byTime().get(band)).isNaN();
      } else {
        assertThat(found.byTime().get(band)).isCloseTo(value, within(1e-5));
      }
    }
  }

  private static float[] numbers(String name) {
    float[] numbers = new float[PAIRS * DIM];
    for (int row = 0; row < PAIRS; row++) {
      NamedRandom.of(0, name, row).fillGaussian(numbers, row * DIM, DIM);
      for (int i = 0; i < DIM; i++) {
        numbers[row * DIM + i] /= 4;
      }
    }
    return numbers;
  }

  private static Validation.Losses expected(
      PriorConf prior, INDArray flat, CleanBatch clean, Draws draws) {
    NoiseSchedule schedule = NoiseSchedule.of(prior.betaSchedule(), prior.timesteps());
    Network network = Network.forInference(NetworkShape.of(prior), flat, 1);
    int perPair = draws.times().length / PAIRS;
    double[] sums = new double[FixedDraws.BANDS];
    int[] counts = new int[FixedDraws.BANDS];
    double squared = 0;
    for (int row = 0; row < draws.times().length; row++) {
      int t = draws.times()[row];
      INDArray x0 = row(clean.image(), row / perPair).mul(prior.scale());
      INDArray noise = row(draws.noise(), row);
      INDArray x = x0.mul(schedule.signal(t)).add(noise.mul(schedule.noise(t)));
      network.inputs().text().assign(row(clean.text(), row / perPair));
      INDArray predicted = network.conditional().predict(x, t, x0).dup();
      INDArray target =
          switch (prior.objective()) {
            case X_START -> x0;
            case NOISE -> noise;
            case V -> noise.mul(schedule.signal(t)).sub(x0.mul(schedule.noise(t)));
          };
      INDArray estimate =
          switch (prior.objective()) {
            case X_START -> predicted;
            case NOISE -> x.sub(predicted.mul(schedule.noise(t))).div(schedule.signal(t));
            case V -> x.mul(schedule.signal(t)).sub(predicted.mul(schedule.noise(t)));
          };
      for (int i = 0; i < DIM; i++) {
        double d = Math.abs(predicted.getDouble(0, i) - target.getDouble(0, i));
        sums[t / 2] +=
            switch (prior.lossType()) {
              case L1 -> d;
              case L2 -> d * d;
              case HUBER -> d < 1 ? d * d / 2 : d - 0.5;
            };
        counts[t / 2]++;
        double error = (estimate.getDouble(0, i) - x0.getDouble(0, i)) / prior.scale();
        squared += error * error;
      }
    }
    List<Double> byTime =
        IntStream.range(0, sums.length).mapToObj(band -> sums[band] / counts[band]).toList();
    int all = Arrays.stream(counts).sum();
    return new Validation.Losses(Arrays.stream(sums).sum() / all, byTime, squared / all);
  }

  private static INDArray row(float[] values, int row) {
    float[] one = Arrays.copyOfRange(values, row * DIM, (row + 1) * DIM);
    return Nd4j.createFromArray(new float[][] {one});
  }
}
