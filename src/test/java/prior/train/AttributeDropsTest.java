package prior.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import prior.conf.ConfLoader;

class AttributeDropsTest {
  private static final int ROWS = 1000;

  private static float[] dropped(String probabilities, long epoch) {
    String[] p = probabilities.split(",");
    AttributeDrops drops =
        AttributeDrops.of(
            ConfLoader.load(
                    List.of(),
                    List.of(
                        "prior.net.attributes=[{name=a,kind=vector,width=2,cond_drop_prob=%s},{name=b,kind=vector,width=1,cond_drop_prob=%s}]"
                            .formatted(p[0], p[1])))
                .settings()
                .prior(),
            1);
    float[] attributes = new float[ROWS * drops.columns()];
    Arrays.fill(attributes, 1);
    long[] epochs = new long[ROWS];
    Arrays.fill(epochs, epoch);
    drops.apply(attributes, epochs, LongStream.range(0, ROWS).toArray());
    return attributes;
  }

  private static double share(float[] attributes, int column) {
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      sum += attributes[row * 5 + column];
    }
    return 1 - sum / ROWS;
  }

  @Test
  void eachAttributeIsDroppedByItsOwnProbabilityAndItsValueIsLeftAlone() {
    float[] attributes = dropped("0.25,0.75", 0);
    assertThat(share(attributes, 2)).isBetween(0.2, 0.3);
    assertThat(share(attributes, 4)).isBetween(0.7, 0.8);
    assertThat(share(attributes, 0) + share(attributes, 1) + share(attributes, 3)).isZero();
    assertThat(share(dropped("0,1", 0), 2)).isZero();
    assertThat(share(dropped("0,1", 0), 4)).isOne();
  }

  @Test
  void theSameNamesDrawTheSameAndAnotherEpochAnother() {
    assertThat(dropped("0.5,0.5", 3)).isEqualTo(dropped("0.5,0.5", 3));
    assertThat(dropped("0.5,0.5", 3)).isNotEqualTo(dropped("0.5,0.5", 4));
  }
}
