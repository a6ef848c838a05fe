package prior.model;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.AttributeKind;

/** One attribute of each kind, and rows of them with nulls and an unknown category. */
final class SomeAttributes {
  static final List<AttributeShape> SHAPES =
      List.of(
          new AttributeShape("aesthetic", AttributeKind.NUMBER, 1),
          new AttributeShape("kind_of", AttributeKind.CATEGORY, 3),
          new AttributeShape("style", AttributeKind.VECTOR, 2));

  private static final double[][] ROWS = {
    {0.7, 1, 2, 1, 0.5, -1, 1}, {-1.3, 1, 0, 1, 0, 0, 0}, {0, 0, 0, 0, -2, 0.25, 1}
  };

  private SomeAttributes() {}

  /** A shape with them. */
  static Dalle2Shape in(Dalle2Shape shape) {
    return new Dalle2Shape(
        shape.dim(),
        shape.widths(),
        shape.masked(),
        shape.scale(),
        shape.depth(),
        shape.heads(),
        shape.dimHead(),
        shape.ffMult(),
        shape.timesteps(),
        shape.maxTextLen(),
        shape.textEmbeds(),
        shape.timeEmbeds(),
        shape.imageEmbeds(),
        shape.textEncodings(),
        shape.selfCond(),
        shape.normIn(),
        shape.normOut(),
        shape.finalProj(),
        shape.normformer(),
        shape.rotary(),
        SHAPES);
  }

  /** The columns of rows, of which the third and every third after it has one attribute alone. */
  static INDArray rows(DataType type, int count) {
    INDArray rows = Nd4j.create(type, count, ROWS[0].length);
    for (int row = 0; row < count; row++) {
      for (int column = 0; column < ROWS[0].length; column++) {
        rows.putScalar(row, column, ROWS[row % ROWS.length][column]);
      }
    }
    return rows;
  }
}
