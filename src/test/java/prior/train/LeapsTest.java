package prior.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import prior.conf.DivergenceConf;

class LeapsTest {
  private final Leaps leaps = new Leaps(new DivergenceConf(3, 10, 4, 0.5, 3));

  @Test
  void aLossBeyondTheFactorTimesTheMedianIsALeap() {
    leaps.add(1, 1);
    leaps.add(2, 1);
    leaps.add(3, 1);
    assertThat(leaps.add(6, 1)).as("3 times the median of 1, 2, 3 is 6").isEmpty();
    assertThat(leaps.add(7.6, 1)).contains("a loss of at most 7.5").contains("found 7.6");
  }

  @Test
  void aGradientNormHasItsOwnFactor() {
    leaps.add(1, 1);
    leaps.add(1, 1);
    assertThat(leaps.add(1, 10)).isEmpty();
    assertThat(leaps.add(1, 10.5)).contains("gradient norm");
  }

  @Test
  void theFirstRoundsAreNotJudged() {
    leaps.add(1, 1);
    assertThat(leaps.add(1000, 1000)).isEmpty();
  }

  @Test
  void onlyTheLastRoundsCount() {
    for (double loss : new double[] {100, 100, 100, 1, 1, 1, 1}) {
      assertThat(leaps.add(loss, 1)).isEmpty();
    }
    assertThat(leaps.add(4, 1)).contains("found 4.0");
  }
}
