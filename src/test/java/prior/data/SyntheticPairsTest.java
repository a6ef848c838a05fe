package prior.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticPairsTest {
  private static final int ROWS = 400;

  @ParameterizedTest
  @ValueSource(ints = {64, 256, 512})
  void pairsHaveTheGeometryOfClip(int width) {
    float[][] text = new float[ROWS][width];
    float[][] image = new float[ROWS][width];
    SyntheticPairs pairs = new SyntheticPairs(7, width);
    PairStatistics statistics = new PairStatistics(width, width);
    double strangers = 0;
    double images = 0;
    double texts = 0;
    for (int row = 0; row < ROWS; row++) {
      pairs.fill(row, text[row], image[row]);
      statistics.add(text[row], image[row]);
      int other = Math.max(0, row - 1);
      strangers += dot(text[row], image[other]) / ROWS;
      images += dot(image[row], image[other]) / ROWS;
      texts += dot(text[row], text[other]) / ROWS;
    }
    assertThat(statistics.normalised()).isTrue();
    assertThat(statistics.cosine()).isCloseTo(0.3, within(0.03));
    assertThat(strangers).isCloseTo(0.08, within(0.04));
    assertThat(images).isCloseTo(0.55, within(0.05));
    assertThat(texts).isCloseTo(0.55, within(0.05));
  }

  @Test
  void aRowIsTheSameWheneverItIsMade() {
    float[] text = new float[32];
    float[] image = new float[32];
    String caption = new SyntheticPairs(7, 32).fill(123, text, image);
    float[] again = new float[32];
    float[] imageAgain = new float[32];
    SyntheticPairs pairs = new SyntheticPairs(7, 32);
    pairs.fill(5, again, imageAgain);
    assertThat(again).isNotEqualTo(text);
    assertThat(pairs.fill(123, again, imageAgain)).isEqualTo(caption);
    assertThat(again).isEqualTo(text);
    assertThat(imageAgain).isEqualTo(image);
    new SyntheticPairs(8, 32).fill(123, again, imageAgain);
    assertThat(again).isNotEqualTo(text);
  }

  /** Nearest text among others tells the nearest image better than chance: content is shared. */
  @Test
  void theTextTellsTheImage() {
    int width = 128;
    float[][] text = new float[ROWS][width];
    float[][] image = new float[ROWS][width];
    SyntheticPairs pairs = new SyntheticPairs(3, width);
    for (int row = 0; row < ROWS; row++) {
      pairs.fill(row, text[row], image[row]);
    }
    int hits = 0;
    for (int row = 0; row < ROWS; row++) {
      int best = 0;
      for (int other = 0; other < ROWS; other++) {
        best = dot(text[row], image[other]) > dot(text[row], image[best]) ? other : best;
      }
      hits += best == row ? 1 : 0;
    }
    assertThat(hits).isGreaterThan(ROWS / 2);
  }

  @Test
  void captionsVary() {
    Set<String> captions = new HashSet<>();
    SyntheticPairs pairs = new SyntheticPairs(1, 16);
    for (int row = 0; row < 1000; row++) {
      captions.add(pairs.fill(row, new float[16], new float[16]));
    }
    assertThat(captions).hasSizeGreaterThan(200).contains("a tiny red wooden chair");
    assertThatThrownBy(() -> new SyntheticPairs(1, 8)).hasMessageContaining("found 8");
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
