package prior.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import prior.conf.ConfLoader;

class LearningRateTest {
  private static LearningRate rate(List<String> sets) {
    return Optimization.of(ConfLoader.load(List.of(), sets).settings().train()).learningRate();
  }

  @Test
  void everyScheduleHasTheRatesThatPyTorchsHave() throws IOException {
    JsonNode golden;
    try (InputStream in = getClass().getResourceAsStream("/training/lr_schedules.json")) {
      golden = new ObjectMapper().readTree(in);
    }
    assertThat(golden.path("cases")).hasSizeGreaterThan(8);
    for (JsonNode one : golden.path("cases")) {
      List<String> sets = new ArrayList<>(List.of("train.lr=" + golden.path("lr").asDouble()));
      for (String key : List.of("lr_schedule", "decay_steps", "lr_end", "lr_power")) {
        sets.add("train." + key + "=" + one.path(key).asText());
      }
      int warmup = one.path("warmup_steps").asInt();
      sets.add("train.warmup_steps=" + (warmup == 0 ? "null" : warmup));
      LearningRate rate = rate(sets);
      for (int k = 0; k < one.path("lr").size(); k++) {
        assertThat(rate.at(k))
            .as("%s at %d", sets, k)
            .isCloseTo(one.path("lr").path(k).asDouble() + 0.0, Percentage.withPercentage(1e-9));
      }
    }
  }

  @Test
  void theReferencesWordForTheCosineIsTheCosine() {
    LearningRate theirs =
        rate(List.of("train.cosine_decay_max_steps=30", "train.warmup_steps=4", "train.lr=1e-3"));
    LearningRate ours =
        rate(
            List.of(
                "train.lr_schedule=cosine",
                "train.decay_steps=30",
                "train.warmup_steps=4",
                "train.lr=1e-3"));
    assertThat(theirs).isEqualTo(ours);
    assertThat(theirs.at(10)).isEqualTo(1e-3 * ((1 + Math.cos(Math.PI * 10 / 30)) / 2));
    assertThat(rate(List.of("train.cosine_decay_max_steps=null")))
        .isEqualTo(LearningRate.constant(1.1e-4));
  }

  @Test
  void twoWordsForOneScheduleAreRefused() {
    assertThatThrownBy(
            () -> rate(List.of("train.cosine_decay_max_steps=30", "train.lr_schedule=linear")))
        .hasMessageContaining("train.cosine_decay_max_steps beside train.lr_schedule");
  }

  @Test
  void aRateThatFallsMustKnowHowLong() {
    assertThatThrownBy(() -> rate(List.of("train.lr_schedule=linear")))
        .hasMessageContaining("train.decay_steps or max_steps must be given");
    LearningRate whole = rate(List.of("train.lr_schedule=linear", "train.max_steps=20"));
    assertThat(whole.at(20)).isZero();
    assertThat(whole.at(19)).isPositive();
  }
}
