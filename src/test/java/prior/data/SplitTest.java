package prior.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SplitTest {
  @Test
  void theHashOfAKeyIsTheStartOfItsSha256() {
    assertThat(KeyHash.of("abc")).isEqualTo(0xBA7816BF8F01CFEAL);
    assertThat(KeyHash.of("")).isEqualTo(0xE3B0C44298FC1C14L);
    assertThat(KeyHash.ofPlace("part-00000.parquet", 1))
        .isNotEqualTo(KeyHash.ofPlace("part-00000.parquet", 2))
        .isNotEqualTo(KeyHash.ofPlace("part-00001.parquet", 1));
  }

  @Test
  void splitsHaveTheStatedShares() {
    Map<Split, Integer> counts = new EnumMap<>(Split.class);
    for (int i = 0; i < 20_000; i++) {
      counts.merge(Split.of("row-" + i, 0.1, 0.05), 1, Integer::sum);
    }
    assertThat(counts.get(Split.VAL)).isBetween(1850, 2150);
    assertThat(counts.get(Split.TEST)).isBetween(880, 1120);
  }

  @Test
  void aFractionOfZeroOrOneIsExact() {
    for (int i = 0; i < 1000; i++) {
      assertThat(Split.of("k" + i, 0, 0)).isEqualTo(Split.TRAIN);
      assertThat(Split.of("k" + i, 1, 0)).isEqualTo(Split.VAL);
      assertThat(Split.of("k" + i, 0, 1)).isEqualTo(Split.TEST);
    }
  }

  @Test
  void growingTheTestShareMovesNoKeyOutOfVal() {
    for (int i = 0; i < 1000; i++) {
      if (Split.of("k" + i, 0.1, 0.1) == Split.VAL) {
        assertThat(Split.of("k" + i, 0.1, 0.4)).isEqualTo(Split.VAL);
      }
    }
  }
}
