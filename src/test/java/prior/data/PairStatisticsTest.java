package prior.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairStatisticsTest {
  @Test
  void momentsAreThoseOfThePairs() {
    PairStatistics statistics = new PairStatistics(2, 2);
    statistics.add(new float[] {3, 4}, new float[] {1, 0});
    statistics.add(new float[] {0, 1}, new float[] {0, 3});
    assertThat(statistics.rows()).isEqualTo(2);
    assertThat(statistics.textNorm()).isEqualTo(3);
    assertThat(statistics.imageNorm()).isEqualTo(2);
    assertThat(statistics.cosine()).isCloseTo((0.6 + 1) / 2, within(1e-12));
    assertThat(statistics.imageMean()).containsExactly(0.5f, 1.5f);
    assertThat(statistics.imageStd()).containsExactly(0.5f, 1.5f);
    assertThat(statistics.textMean()).containsExactly(1.5f, 2.5f);
    assertThat(statistics.textStd()).containsExactly(1.5f, 1.5f);
    assertThat(statistics.normalised()).isFalse();
  }

  @Test
  void mergedPartsGiveTheWhole() {
    PairStatistics whole = new PairStatistics(1, 1);
    PairStatistics left = new PairStatistics(1, 1);
    PairStatistics right = new PairStatistics(1, 1);
    for (int i = 0; i < 10; i++) {
      float[] unit = {i % 2 == 0 ? 1 : -1};
      whole.add(unit, unit);
      (i < 3 ? left : right).add(unit, unit);
    }
    left.merge(right);
    assertThat(left).usingRecursiveComparison().isEqualTo(whole);
    assertThat(left.normalised()).isTrue();
  }

  @Test
  void sidesOfDifferentWidthHaveNoCosine() {
    PairStatistics statistics = new PairStatistics(1, 2);
    statistics.add(new float[] {1}, new float[] {1, 0});
    assertThat(statistics.cosine()).isNaN();
  }
}
