package prior.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static float[] mean(List<float[]> values, List<Long> weights) {
    Shares shares = new Shares(8);
    for (int worker = 0; worker < values.size(); worker++) {
      shares.add(new Floats(values.get(worker)), weights.get(worker));
    }
    return shares.mean();
  }

  @Test
  void aWorkerThatSawThreeTimesTheExamplesCountsThreeTimes() {
    float[] mean = mean(List.of(new float[] {0, 4}, new float[] {8, 8}), List.of(30L, 10L));
    assertThat(mean).containsExactly(2, 5);
  }

  @Test
  void aWorkerThatSawNothingCountsNothing() {
    float[] mean = mean(List.of(new float[] {1.5f}, new float[] {1e30f}), List.of(8L, 0L));
    assertThat(mean).containsExactly(1.5f);
  }

  @Test
  void equalStatesAverageToThemselvesToTheBit() {
    float[] state = {0.1f, -3.3333333e-20f, 7.7777e15f};
    assertThat(mean(List.of(state, state, state), List.of(32L, 32L, 32L))).containsExactly(state);
  }
}
