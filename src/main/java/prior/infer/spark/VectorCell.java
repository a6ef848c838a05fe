package prior.infer.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import prior.data.DataFaults;
import prior.data.HalfFloat;
import prior.data.RowFault;
import scala.collection.Seq;

/** A vector out of a row's cell: an array of numbers, or binary with little-endian fp32 or fp16. */
final class VectorCell {
  private VectorCell() {}

  /**
   * Copies a vector of {@code width} finite numbers.
   *
   * @param where file, row and column, for messages
   */
  static void copy(Object cell, float[] into, int from, int width, Supplier<String> where) {
    int found = length(cell, width);
    if (found != width) {
      String what = cell == null ? "none" : found + " numbers";
      throw DataFaults.unreadable(where.get(), "wrong vector", width + " numbers", what);
    }
    if (cell instanceof Seq<?> numbers) {
      for (int i = 0; i < width; i++) {
        into[from + i] = number(numbers.apply(i), where);
      }
    } else {
      decode((byte[]) cell, into, from, width);
    }
    RowFault fault = RowFault.ofVector("vector", into, from, width);
    if (fault != null && fault.kind() != RowFault.Kind.ZERO) {
      throw DataFaults.unreadable(where.get(), fault.what(), fault.expected(), fault.found());
    }
  }

  private static int length(Object cell, int width) {
    if (cell instanceof Seq<?> numbers) {
      return numbers.length();
    }
    if (cell instanceof byte[] bytes) {
      return bytes.length == 2 * width ? width : bytes.length / 4;
    }
    return 0;
  }

  private static float number(Object value, Supplier<String> where) {
    if (value instanceof Number number) {
      return number.floatValue();
    }
    throw DataFaults.unreadable(where.get(), "a null in the vector", "a number", value);
  }

  private static void decode(byte[] bytes, float[] into, int from, int width) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < width; i++) {
      into[from + i] =
          bytes.length == 2 * width
              ? HalfFloat.toFloat(buffer.getShort(2 * i))
              : buffer.getFloat(4 * i);
    }
  }
}
