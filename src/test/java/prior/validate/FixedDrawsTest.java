package prior.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import prior.train.Draws;

class FixedDrawsTest {

  @Test
  void drawsArePairsOwnAndGoThroughAllBandsInTurn() {
    FixedDraws fixed = new FixedDraws(1, 1000, 4, 1);
    long[] ids = new long[40];
    Arrays.setAll(ids, i -> 1000 + 7 * i);
    Draws all = fixed.of(ids, 0);
    for (int row = 0; row < ids.length; row++) {
      assertThat(fixed.band(all.times()[row])).isEqualTo(row % FixedDraws.BANDS);
    }
    Draws later = fixed.of(Arrays.copyOfRange(ids, 13, 40), 13);
    assertThat(later.times()).isEqualTo(Arrays.copyOfRange(all.times(), 13, 40));
    assertThat(later.noise()).isEqualTo(Arrays.copyOfRange(all.noise(), 13 * 4, 40 * 4));
  }

  @Test
  void timestepsStayWithinFewerThanTheBands() {
    FixedDraws fixed = new FixedDraws(1, 3, 2, 5);
    long[] ids = new long[30];
    Arrays.setAll(ids, i -> i);
    assertThat(fixed.of(ids, 0).times()).containsOnly(0, 1, 2);
  }

  @Test
  void drawsOfOnePairDiffer() {
    Draws draws = new FixedDraws(1, 1000, 2, 2).of(new long[] {5}, 0);
    assertThat(Arrays.copyOfRange(draws.noise(), 0, 2))
        .isNotEqualTo(Arrays.copyOfRange(draws.noise(), 2, 4));
  }
}
