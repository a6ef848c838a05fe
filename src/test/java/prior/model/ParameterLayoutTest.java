package prior.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.AttributeKind;
import prior.conf.ImageScale;

class ParameterLayoutTest {
  private final ParameterLayout layout =
      ParameterLayout.of(
          new Dalle2Shape(
              8,
              Dalle2Shape.Widths.of(8),
              false,
              ImageScale.SQRT_DIM,
              3,
              2,
              4,
              2,
              10,
              2,
              1,
              1,
              1,
              true,
              false,
              true,
              true,
              true,
              true,
              true,
              List.of(
                  new AttributeShape("a_b", AttributeKind.NUMBER, 1),
                  new AttributeShape("kind", AttributeKind.CATEGORY, 3),
                  new AttributeShape("style", AttributeKind.VECTOR, 4))));

  @Test
  void parametersFillTheVectorWithoutGaps() {
    long next = 0;
    for (Parameter parameter : layout.parameters()) {
      assertThat(parameter.offset()).isEqualTo(next);
      next += parameter.length();
    }
    assertThat(next).isEqualTo(layout.length());
  }

  @Test
  void keysInsideDeeplearning4jHaveNoUnderscoreAndStayApart() {
    assertThat(layout.parameters()).extracting(Parameter::key).doesNotHaveDuplicates();
    assertThat(layout.parameters()).allSatisfy(p -> assertThat(p.key()).doesNotContain("_"));
  }

  @Test
  void aWindowFarIntoAWindowIsWhereItShouldBe() {
    float[] flat = new float[(int) layout.length()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = i;
    }
    INDArray vector = Nd4j.createFromArray(flat).reshape(1, flat.length);
    for (Parameter parameter : layout.parameters()) {
      INDArray tensor = layout.view(vector, parameter.name());
      assertThat(tensor.shape()).isEqualTo(parameter.shape());
      if (parameter.shape().length == 2 && parameter.shape()[0] > 1) {
        INDArray lower = Windows.rows(tensor, 1, parameter.shape()[0]);
        assertThat(lower.getDouble(0, 0)).isEqualTo(parameter.offset() + parameter.shape()[1]);
      }
    }
  }
}
