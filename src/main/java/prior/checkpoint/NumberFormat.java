package prior.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import prior.data.ByteSource;
import prior.data.HalfFloat;

/** Stored little-endian numbers to floats and longs, a bounded buffer at a time. */
final class NumberFormat {
  private static final int BUFFER = 1 << 20;

  private NumberFormat() {}

  /** Takes the numbers of one buffer, the first of which is the tensor's number {@code from}. */
  @FunctionalInterface
  interface Chunks {
    void take(ByteBuffer numbers, int from);
  }

  static void read(ByteSource source, long start, TensorEntry entry, Chunks chunks)
      throws IOException {
    long bytes = entry.end() - entry.begin();
    byte[] buffer = new byte[(int) Math.min(BUFFER, bytes)];
    for (long done = 0; done < bytes; done += buffer.length) {
      int count = (int) Math.min(buffer.length, bytes - done);
      source.readFully(start + done, buffer, 0, count);
      ByteBuffer numbers = ByteBuffer.wrap(buffer, 0, count).order(ByteOrder.LITTLE_ENDIAN);
      chunks.take(numbers, (int) (done / entry.type().bytes()));
    }
  }

  static void floats(TensorType type, ByteBuffer numbers, float[] into, int from) {
    for (int i = from; numbers.hasRemaining(); i++) {
      into[i] = nextFloat(type, numbers);
    }
  }

  static void longs(TensorType type, ByteBuffer numbers, long[] into, int from) {
    for (int i = from; numbers.hasRemaining(); i++) {
      into[i] = nextLong(type, numbers);
    }
  }

  private static float nextFloat(TensorType type, ByteBuffer numbers) {
    return switch (type) {
      case F64 -> (float) numbers.getDouble();
      case F32 -> numbers.getFloat();
      case F16 -> HalfFloat.toFloat(numbers.getShort());
      case BF16 -> Float.intBitsToFloat(numbers.getShort() << 16);
      case I64, I32, I16, I8, U8, BOOL -> throw notOf(type);
    };
  }

  private static long nextLong(TensorType type, ByteBuffer numbers) {
    return switch (type) {
      case I64 -> numbers.getLong();
      case I32 -> numbers.getInt();
      case I16 -> numbers.getShort();
      case I8 -> numbers.get();
      case U8, BOOL -> Byte.toUnsignedLong(numbers.get());
      case F64, F32, F16, BF16 -> throw notOf(type);
    };
  }

  private static IllegalArgumentException notOf(TensorType type) {
    return new IllegalArgumentException("Cannot read numbers: another kind, found " + type);
  }
}
