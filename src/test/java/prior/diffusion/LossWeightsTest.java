package prior.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import prior.conf.ConfLoader;
import prior.conf.Objective;
import prior.conf.PriorConf;

class LossWeightsTest {
  private static PriorConf prior(String... sets) {
    return ConfLoader.load(List.of(), List.of(sets)).settings().prior();
  }

  @Test
  void theyAreThoseThatDenoisingDiffusionPytorchComputesForEachObjective() throws IOException {
    JsonNode golden;
    try (InputStream in = getClass().getResourceAsStream("/training/loss_weights.json")) {
      golden = new ObjectMapper().readTree(in);
    }
    assertThat(golden.path("cases")).hasSize(24);
    for (JsonNode one : golden.path("cases")) {
      PriorConf prior =
          prior(
              "prior.beta_schedule=" + one.path("beta_schedule").asText(),
              "prior.objective=" + one.path("objective").asText(),
              "prior.loss_weight=" + one.path("loss_weight").asText(),
              "prior.min_snr_gamma=" + one.path("gamma").asText(),
              "prior.p2_gamma=" + one.path("gamma").asText(),
              "prior.p2_k=" + one.path("k").asText());
      double[] weights = LossWeights.of(prior, NoiseLevels.of(prior));
      for (int i = 0; i < golden.path("times").size(); i++) {
        int t = golden.path("times").path(i).asInt();
        double expected = one.path("weights").path(i).asDouble();
        assertThat(weights[t])
            .as("%s at %d", one, t)
            .isCloseTo(expected, Percentage.withPercentage(1e-3));
      }
    }
  }

  @Test
  void ofOneErrorMinSnrSaysTheSameWhateverIsPredicted() {
    // An error e of x_0 is an error -sqrt(snr) e of the noise and -sqrt(1 + snr) e of v.
    for (double snr : new double[] {1e-4, 0.3, 1, 4.9, 5.1, 300}) {
      double ofX0 = LossWeights.minSnr(Objective.X_START, snr, 5);
      assertThat(snr * LossWeights.minSnr(Objective.NOISE, snr, 5))
          .isCloseTo(ofX0, Percentage.withPercentage(1e-9));
      assertThat((1 + snr) * LossWeights.minSnr(Objective.V, snr, 5))
          .isCloseTo(ofX0, Percentage.withPercentage(1e-9));
    }
  }

  @Test
  void withoutSignalWeightsAreFinite() {
    for (String objective : List.of("x_start", "noise", "v")) {
      for (String weight : List.of("min-snr", "p2")) {
        PriorConf prior =
            prior(
                "prior.beta_schedule=jsd",
                "prior.objective=" + objective,
                "prior.loss_weight=" + weight);
        NoiseLevels levels = NoiseLevels.of(prior);
        assertThat(levels.snr(999)).isZero();
        for (double one : LossWeights.of(prior, levels)) {
          assertThat(one).isFinite().isNotNegative();
        }
      }
    }
  }

  @Test
  void theUnclipFamilyHasWeightsOfItsOwnSchedule() {
    PriorConf prior =
        prior(
            "prior.family=unclip",
            "prior.loss_weight=min-snr",
            "prior.unclip.scheduler.num_train_timesteps=100");
    double[] weights = LossWeights.of(prior, NoiseLevels.of(prior));
    assertThat(weights).hasSize(100);
    double ac = new UnclipSchedule(prior.unclip().scheduler()).alphasCumprod()[70];
    assertThat(weights[70]).isCloseTo(ac / (1 - ac), Percentage.withPercentage(1e-3));
    assertThat(weights[0]).isEqualTo(5);
  }
}
