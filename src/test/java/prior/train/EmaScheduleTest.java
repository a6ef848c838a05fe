package prior.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import prior.conf.EmaRule;

class EmaScheduleTest {
  private final EmaSchedule later = new EmaSchedule(EmaRule.B, 0.99, 0, 1);

  @Test
  void theLaterRuleCopiesAtTheVeryFirstUpdateAndThenWarmsUp() {
    assertThat(later.kept(0)).isZero();
    assertThat(later.kept(1)).isCloseTo(1 - Math.pow(2, -2.0 / 3), within(1e-12));
    assertThat(later.kept(100_000)).isEqualTo(0.99);
  }

  @Test
  void theOlderRuleCopiesOnceMoreAfterTheWaitingTime() {
    EmaSchedule older = new EmaSchedule(EmaRule.A, 0.99, 3, 1);
    assertThat(older.kept(3)).isZero();
    assertThat(older.kept(4)).isZero();
    assertThat(older.kept(5)).isPositive();
  }

  @Test
  void betweenUpdatesTheAverageStays() {
    EmaSchedule everyThird = new EmaSchedule(EmaRule.B, 0.99, 0, 3);
    assertThat(everyThird.kept(4)).isEqualTo(1);
    assertThat(everyThird.kept(6)).isLessThan(1);
  }
}
