package prior.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/** A number type of the safetensors format that is read here; little endian all. */
public enum TensorType {
  F64(8, true),
  F32(4, true),
  F16(2, true),
  BF16(2, true),
  I64(8, false),
  I32(4, false),
  I16(2, false),
  I8(1, false),
  U8(1, false),
  BOOL(1, false);

  private final int bytes;
  private final boolean real;

  TensorType(int bytes, boolean real) {
    this.bytes = bytes;
    this.real = real;
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /** Whether its numbers are read as floats; the others are read as longs. */
  public boolean real() {
    return real;
  }

  static Optional<TensorType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
