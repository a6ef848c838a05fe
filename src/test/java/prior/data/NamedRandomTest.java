package prior.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamedRandomTest {
  @Test
  void numbersAreFixedForEverForTheSameNames() {
    NamedRandom random = NamedRandom.of(42, "noise", 3, 7);
    assertThat(new long[] {random.nextLong(), random.nextLong()})
        .containsExactly(-6522458371720714765L, 7450842735880096961L);
    float[] noise = new float[3];
    NamedRandom.of(42, "noise", 3, 7).fillGaussian(noise, 0, 3);
    assertThat(noise).containsExactly(1.71261513f, -1.12393832f, 0.956746042f);
  }

  @Test
  void anyOtherNameGivesOtherNumbers() {
    Set<Long> first = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      first.add(NamedRandom.of(seed, "noise").nextLong());
      first.add(NamedRandom.of(seed, "drop").nextLong());
      for (long a = 0; a < 20; a++) {
        first.add(NamedRandom.of(seed, "noise", a).nextLong());
        for (long b = 0; b < 20; b++) {
          first.add(NamedRandom.of(seed, "noise", a, b).nextLong());
        }
      }
    }
    assertThat(first).hasSize(20 * (2 + 20 + 400));
  }

  @Test
  void gaussiansHaveTheMomentsOfTheNormalDistribution() {
    float[] values = new float[200_001];
    NamedRandom.of(1, "moments").fillGaussian(values, 1, 200_000);
    assertThat(values[0]).isZero();
    double[] moments = new double[5];
    for (int i = 1; i < values.length; i++) {
      for (int power = 1; power <= 4; power++) {
        moments[power] += Math.pow(values[i], power) / 200_000;
      }
    }
    assertThat(moments[1]).isCloseTo(0, within(0.01));
    assertThat(moments[2]).isCloseTo(1, within(0.02));
    assertThat(moments[3]).isCloseTo(0, within(0.04));
    assertThat(moments[4]).isCloseTo(3, within(0.12));
  }

  @Test
  void neighbouringRowsAreUncorrelated() {
    double sum = 0;
    float[] a = new float[64];
    float[] b = new float[64];
    for (long row = 0; row < 2000; row++) {
      NamedRandom.of(5, "noise", row).fillGaussian(a, 0, 64);
      NamedRandom.of(5, "noise", row + 1).fillGaussian(b, 0, 64);
      for (int i = 0; i < 64; i++) {
        sum += a[i] * b[i];
      }
    }
    assertThat(sum / (2000 * 64)).isCloseTo(0, within(0.015));
  }

  @Test
  void boundedIntsCoverTheirRangeEvenly() {
    int[] counts = new int[7];
    NamedRandom random = NamedRandom.of(9, "ints");
    for (int i = 0; i < 70_000; i++) {
      counts[random.nextInt(7)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_600, 10_400);
    }
    assertThatThrownBy(() -> random.nextInt(0)).hasMessageContaining("found 0");
  }
}
