package prior.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The arrays a network works in, allocated once when its programs are recorded. */
final class Buffers {

  /** Whether activations must outlive the forward pass. */
  enum Purpose {
    TRAINING,
    INFERENCE
  }

  /** Elements between the rows of a matrix whose rows are set apart. */
  private static final int APART = 16;

  private final Map<String, INDArray> shared = new HashMap<>();
  private final Map<String, float[]> blocks = new HashMap<>();
  private final DataType type;
  private final Purpose purpose;

  Buffers(DataType type, Purpose purpose) {
    this.type = type;
    this.purpose = purpose;
  }

  /** The arrays of a network with these weights. */
  static Buffers of(Weights weights) {
    return new Buffers(
        weights.values().dataType(), weights.training() ? Purpose.TRAINING : Purpose.INFERENCE);
  }

  /** An array of its own. */
  INDArray own(long... shape) {
    return Nd4j.create(type, shape);
  }

  /** An activation the backward pass reads: its own in training, shared by name in inference. */
  INDArray kept(String name, long... shape) {
    return switch (purpose) {
      case TRAINING -> own(shape);
      case INFERENCE -> scratch("kept " + name, shape);
    };
  }

  /** {@link #kept} for a matrix whose rows are set apart in training, see {@link #apart}. */
  INDArray keptApart(String name, long rows, long columns) {
    return switch (purpose) {
      case TRAINING -> apart(own(rows, columns + APART), columns);
      case INFERENCE -> kept(name, rows, columns);
    };
  }

  /** {@link #scratch} for a matrix whose rows are set apart, see {@link #apart}. */
  INDArray scratchApart(String name, long rows, long columns) {
    return apart(scratch(name, rows, columns + APART), columns);
  }

  /**
   * Rows whose distance is no power of two: products that read such a matrix by columns would
   * otherwise find all of a column in a few lines of the cache, and take up to twice as long.
   */
  private static INDArray apart(INDArray wider, long columns) {
    return Windows.columns(wider, 0, columns);
  }

  /** The gradient of an activation, shared by name; null in inference. */
  INDArray gradient(String name, long... shape) {
    return purpose == Purpose.TRAINING ? scratch(name, shape) : null;
  }

  /** The gradient of an activation in an array of its own; null in inference. */
  INDArray ownGradient(long... shape) {
    return purpose == Purpose.TRAINING ? own(shape) : null;
  }

  /** An array all users of the name and shape share; nothing in it survives the next user. */
  INDArray scratch(String name, long... shape) {
    return shared.computeIfAbsent(name + Arrays.toString(shape), key -> own(shape));
  }

  /** A block of host memory all users of the name share, see {@link HostVector}. */
  float[] block(String name) {
    return blocks.computeIfAbsent(name, key -> new float[HostVector.BLOCK]);
  }

  /** Whether arrays are float32 in memory that Java reads: loops of our own then save passes. */
  boolean onHost() {
    return type == DataType.FLOAT && HostVector.reaches();
  }

  /** A matrix of one value, never written. */
  INDArray constant(double value, long... shape) {
    return shared.computeIfAbsent(
        "constant " + value + Arrays.toString(shape), key -> own(shape).assign(value));
  }

  /** Values computed in Java, never written again. */
  INDArray constant(double[] values, long... shape) {
    return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
  }
}
