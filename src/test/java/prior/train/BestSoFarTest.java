package prior.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import prior.conf.ValidationMetric;

class BestSoFarTest {

  @Test
  void aCosineIsBetterWhereItIsHigherAndALossWhereItIsLower() {
    BestSoFar cosine = new BestSoFar(ValidationMetric.COSINE_PREDICTED_IMAGE, 0);
    assertThat(cosine.add(1, 0.5)).isTrue();
    assertThat(cosine.add(2, 0.4)).isFalse();
    assertThat(cosine.add(3, 0.6)).isTrue();
    assertThat(cosine.round()).hasValue(3);
    BestSoFar loss = new BestSoFar(ValidationMetric.LOSS, 0);
    assertThat(loss.add(1, 0.5)).isTrue();
    assertThat(loss.add(2, 0.6)).isFalse();
    assertThat(loss.add(3, 0.4)).isTrue();
  }

  @Test
  void whatGainsLessThanTheDeltaIsBestAndStillUsesUpPatience() {
    BestSoFar best = new BestSoFar(ValidationMetric.COSINE_PREDICTED_IMAGE, 0.05);
    best.add(1, 0.50);
    assertThat(best.add(2, 0.53)).isTrue();
    assertThat(best.without()).isEqualTo(1);
    assertThat(best.add(3, 0.56)).isTrue();
    assertThat(best.without()).as("0.06 above the last that gained").isZero();
    assertThat(best.add(4, 0.55)).isFalse();
    assertThat(best.without()).isEqualTo(1);
    assertThat(best.round()).hasValue(3);
  }

  @Test
  void whatIsNoNumberIsNeverBest() {
    BestSoFar best = new BestSoFar(ValidationMetric.LOSS, 0);
    assertThat(best.add(1, Double.NaN)).isFalse();
    assertThat(best.round()).isEmpty();
    assertThat(best.add(2, 0.5)).isTrue();
    assertThat(best.add(3, Double.NEGATIVE_INFINITY)).isFalse();
  }
}
