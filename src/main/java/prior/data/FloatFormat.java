package prior.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a float lies in bytes, little-endian, and what NumPy calls it. */
public enum FloatFormat {
  FP16("<f2", 2),
  FP32("<f4", 4),
  FP64("<f8", 8);

  private final String descr;
  private final int bytes;

  FloatFormat(String descr, int bytes) {
    this.descr = descr;
    this.bytes = bytes;
  }

  public String descr() {
    return descr;
  }

  public int bytes() {
    return bytes;
  }

  /** All of NumPy's names, for messages. */
  static String descrs() {
    return Arrays.stream(values()).map(FloatFormat::descr).collect(Collectors.joining(", "));
  }

  static Optional<FloatFormat> ofDescr(String descr) {
    return Arrays.stream(values()).filter(format -> format.descr.equals(descr)).findFirst();
  }

  /** Takes {@code count} numbers from a little-endian buffer; fp64 is narrowed. */
  public void get(ByteBuffer source, float[] into, int from, int count) {
    switch (this) {
      case FP16 -> {
        for (int i = from; i < from + count; i++) {
          into[i] = HalfFloat.toFloat(source.getShort());
        }
      }
      case FP32 -> {
        source.asFloatBuffer().get(into, from, count);
        source.position(source.position() + 4 * count);
      }
      case FP64 -> {
        for (int i = from; i < from + count; i++) {
          into[i] = (float) source.getDouble();
        }
      }
    }
  }

  /** Puts {@code count} numbers into a little-endian buffer; fp16 is rounded to nearest even. */
  public void put(float[] values, int from, int count, ByteBuffer target) {
    switch (this) {
      case FP16 -> {
        for (int i = from; i < from + count; i++) {
          target.putShort(HalfFloat.fromFloat(values[i]));
        }
      }
      case FP32 -> {
        target.asFloatBuffer().put(values, from, count);
        target.position(target.position() + 4 * count);
      }
      case FP64 -> {
        for (int i = from; i < from + count; i++) {
          target.putDouble(values[i]);
        }
      }
    }
  }
}
