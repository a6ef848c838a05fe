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

  private final Map<String, INDArray> shared = new HashMap<>();
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

  /** An array all users of the name and shape share; nothing in it survives the next user. */
  INDArray scratch(String name, long... shape) {
    return shared.computeIfAbsent(name + Arrays.toString(shape), key -> own(shape));
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
