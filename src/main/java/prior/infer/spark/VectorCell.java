package prior.infer.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import prior.data.FloatFormat;
import prior.data.RowFault;
import prior.data.RowFault.Kind;

/**
 * A vector out of a cell: an array of numbers, a Spark ML vector, or binary with little-endian fp32
 * or fp16.
 */
record VectorCell(String column, DataType type, int width) {
  static final String SUPPORTED =
      "array<float>, array<double>, a Spark ML vector, or binary with fp16 or fp32";
  private static final int VALUES = 3;
  private static final byte DENSE = 1;

  /** A Spark ML vector is known by what it is made of: its class may be missing here. */
  static VectorCell of(String column, DataType type, int width) {
    DataType plain = type instanceof UserDefinedType<?> made ? made.sqlType() : type;
    return new VectorCell(column, plain, width);
  }

  boolean isVector() {
    return numbers(type)
        || type.equals(DataTypes.BinaryType)
        || (type instanceof StructType parts
            && String.join(" ", parts.fieldNames()).equals("type size indices values"));
  }

  static boolean numbers(DataType type) {
    return type instanceof ArrayType list
        && (list.elementType().equals(DataTypes.FloatType)
            || list.elementType().equals(DataTypes.DoubleType));
  }

  /**
   * Reads {@code width} numbers.
   *
   * @param from where they go in {@code into}
   * @return null, or what is wrong with the vector
   */
  RowFault read(SpecializedGetters cells, int at, float[] into, int from) {
    if (cells.isNullAt(at)) {
      return new RowFault(Kind.MISSING, column, width + " numbers", "none");
    }
    RowFault fault;
    if (type instanceof ArrayType list) {
      fault = list(cells.getArray(at), list.elementType(), into, from);
    } else if (type instanceof StructType) {
      fault = vector(cells.getStruct(at, 4), into, from);
    } else {
      fault = bytes(cells.getBinary(at), into, from);
    }
    return fault != null ? fault : RowFault.ofVector(column, into, from, width);
  }

  private RowFault list(ArrayData numbers, DataType element, float[] into, int from) {
    if (numbers.numElements() != width) {
      return wrongWidth(numbers.numElements() + " numbers");
    }
    for (int i = 0; i < width; i++) {
      if (numbers.isNullAt(i)) {
        return new RowFault(Kind.MISSING, column, width + " numbers", "null at position " + i);
      }
      into[from + i] =
          element.equals(DataTypes.FloatType) ? numbers.getFloat(i) : (float) numbers.getDouble(i);
    }
    return null;
  }

  /** Dense: type, nothing, nothing, values; sparse: type, size, indices, values. */
  private RowFault vector(InternalRow parts, float[] into, int from) {
    ArrayData values = parts.getArray(VALUES);
    if (parts.getByte(0) == DENSE) {
      return list(values, DataTypes.DoubleType, into, from);
    }
    if (parts.getInt(1) != width) {
      return wrongWidth(parts.getInt(1) + " numbers");
    }
    Arrays.fill(into, from, from + width, 0);
    ArrayData indices = parts.getArray(2);
    for (int i = 0; i < values.numElements(); i++) {
      into[from + indices.getInt(i)] = (float) values.getDouble(i);
    }
    return null;
  }

  private RowFault bytes(byte[] bytes, float[] into, int from) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (FloatFormat format : new FloatFormat[] {FloatFormat.FP16, FloatFormat.FP32}) {
      if (bytes.length == width * format.bytes()) {
        format.get(buffer, into, from, width);
        return null;
      }
    }
    return wrongWidth(bytes.length + " bytes");
  }

  private RowFault wrongWidth(String found) {
    String expected =
        type.equals(DataTypes.BinaryType)
            ? width + " numbers in " + 2 * width + " (fp16) or " + 4 * width + " (fp32) bytes"
            : width + " numbers";
    return new RowFault(Kind.WRONG_WIDTH, column, expected, found);
  }
}
