package prior.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.model.Buffers.Purpose;

/** The loops over host memory against the error function and the exponential in double. */
class GeluTest {
  private static final int COUNT = 20_001;

  /** The same points in both types: such as float32 holds. */
  private static INDArray points(DataType type) {
    return Nd4j.linspace(DataType.DOUBLE, -10, 20.0 / (COUNT - 1), COUNT)
        .castTo(DataType.FLOAT)
        .castTo(type);
  }

  private static double[] values(DataType type) {
    INDArray into = Nd4j.create(type, COUNT);
    Program program = new Program();
    Gelu.of(new Buffers(type, Purpose.TRAINING), points(type), into).forward(program);
    program.run();
    return into.toDoubleVector();
  }

  private static double[] slopes(DataType type) {
    INDArray gradient = Nd4j.ones(type, COUNT);
    Program program = new Program();
    Gelu gelu =
        Gelu.of(new Buffers(type, Purpose.TRAINING), points(type), Nd4j.create(type, COUNT));
    gelu.forward(program);
    gelu.backward(program, gradient);
    program.run();
    return gradient.toDoubleVector();
  }

  private static double largestDifference(double[] found, double[] exact) {
    double largest = 0;
    for (int i = 0; i < COUNT; i++) {
      largest = Math.max(largest, Math.abs(found[i] - exact[i]));
    }
    return largest;
  }

  @Test
  void theFittedValueIsTheErrorFunctionsWithinRounding() {
    assertThat(largestDifference(values(DataType.FLOAT), values(DataType.DOUBLE))).isLessThan(1e-6);
  }

  @Test
  void theFittedSlopeIsTheDensitysWithinRounding() {
    assertThat(largestDifference(slopes(DataType.FLOAT), slopes(DataType.DOUBLE))).isLessThan(1e-6);
  }
}
