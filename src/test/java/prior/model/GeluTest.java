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

  private static INDArray points(DataType type) {
    return Nd4j.linspace(DataType.DOUBLE, -10, 20.0 / (COUNT - 1), COUNT).castTo(type);
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

  /** A value is as large as its point, so its rounding is counted in the point's size. */
  @Test
  void theFittedValueIsTheErrorFunctionsWithinRounding() {
    double[] points = points(DataType.DOUBLE).toDoubleVector();
    double[] found = values(DataType.FLOAT);
    double[] exact = values(DataType.DOUBLE);
    double largest = 0;
    for (int i = 0; i < COUNT; i++) {
      double size = Math.max(1, Math.abs(points[i]));
      largest = Math.max(largest, Math.abs(found[i] - exact[i]) / size);
    }
    assertThat(largest).isLessThan(3e-7);
  }

  @Test
  void theFittedSlopeIsTheDensitysWithinRounding() {
    assertThat(largestDifference(slopes(DataType.FLOAT), slopes(DataType.DOUBLE))).isLessThan(1e-6);
  }
}
