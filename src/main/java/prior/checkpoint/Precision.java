package prior.checkpoint;

import java.nio.ByteBuffer;
import prior.data.FloatFormat;
import prior.fault.UserFault;

/** How a tensor's numbers are written. */
public enum Precision {
  /** As they are. */
  FP32(TensorType.F32, FloatFormat.FP32),
  /** Rounded to nearest, ties to even; what would become an infinity is refused. */
  FP16(TensorType.F16, FloatFormat.FP16);

  private final TensorType type;
  private final FloatFormat format;

  Precision(TensorType type, FloatFormat format) {
    this.type = type;
    this.format = format;
  }

  TensorType type() {
    return type;
  }

  void put(Tensor tensor, int from, int count, ByteBuffer target) {
    int start = target.position();
    format.put(tensor.values(), from, count, target);
    if (this == FP16) {
      target.position(start);
      checkFinite(tensor, from, count, target);
    }
  }

  private void checkFinite(Tensor tensor, int from, int count, ByteBuffer written) {
    float[] rounded = new float[count];
    format.get(written, rounded, 0, count);
    for (int i = 0; i < count; i++) {
      float value = tensor.values()[from + i];
      if (Float.isInfinite(rounded[i]) && !Float.isInfinite(value)) {
        throw UserFault.data(
            "Cannot write tensor "
                + tensor.name()
                + " as "
                + type
                + ": expected magnitudes of at most 65504, found "
                + value);
      }
    }
  }

  /** Whether every number of the tensor is the same when it is read back. */
  public boolean keeps(Tensor tensor) {
    float[] values = tensor.values();
    ByteBuffer number = ByteBuffer.allocate(type.bytes());
    float[] back = new float[1];
    for (int i = 0; i < values.length; i++) {
      format.put(values, i, 1, number.clear());
      format.get(number.flip(), back, 0, 1);
      if (Float.compare(back[0], values[i]) != 0) {
        return false;
      }
    }
    return true;
  }
}
