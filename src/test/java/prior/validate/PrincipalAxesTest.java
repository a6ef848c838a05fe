package prior.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import prior.data.NamedRandom;

class PrincipalAxesTest {

  @Test
  void coordinatesOfABoxOfPointsAreItsOwnLongestAxes() {
    List<float[]> points = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      NamedRandom random = NamedRandom.of(1, "point", i);
      points.add(
          new float[] {
            (float) (random.nextDouble() - 0.5),
            (float) (9 * (random.nextDouble() - 0.5)) + 20,
            (float) (3 * (random.nextDouble() - 0.5)) - 7
          });
    }
    PrincipalAxes axes = new PrincipalAxes(points);
    double[] along = axes.of(new float[] {0, 21, -7});
    double[] before = axes.of(new float[] {0, 20, -7});
    assertThat(Math.abs(along[0] - before[0])).isCloseTo(1, within(0.02));
    double[] across = axes.of(new float[] {0, 20, -6});
    assertThat(Math.abs(across[1] - before[1])).isCloseTo(1, within(0.02));
  }
}
