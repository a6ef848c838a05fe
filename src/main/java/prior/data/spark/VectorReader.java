package prior.data.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.column.ColumnReader;
import prior.data.FloatFormat;
import prior.data.RowFault;
import prior.data.RowFault.Kind;

/** Reads the vectors of one column of one row group in order, into an array of the caller. */
final class VectorReader {
  private final ColumnReader values;
  private final VectorLeaf leaf;
  private final int width;
  private final int fullLevel;

  VectorReader(ColumnReader values, VectorLeaf leaf, int width) {
    this.values = values;
    this.leaf = leaf;
    this.width = width;
    this.fullLevel = leaf.leaf().getMaxDefinitionLevel();
  }

  /**
   * Reads the next row.
   *
   * @param into receives {@code width} numbers from index {@code from} on, when there is no fault
   * @return null, or what is wrong with the vector: missing, of another width, not finite, zero
   */
  RowFault read(float[] into, int from) {
    RowFault fault =
        leaf.storage() == VectorLeaf.Storage.BYTES ? bytes(into, from) : list(into, from);
    return fault != null ? fault : RowFault.ofVector(leaf.column(), into, from, width);
  }

  void skip(long rows) {
    skip(values, rows);
  }

  /** Passes over rows of a column. */
  static void skip(ColumnReader values, long rows) {
    int full = values.getDescriptor().getMaxDefinitionLevel();
    for (long row = 0; row < rows; row++) {
      do {
        if (values.getCurrentDefinitionLevel() == full) { // else there is no value to skip
          values.skip();
        }
        values.consume();
      } while (values.getCurrentRepetitionLevel() > 0);
    }
  }

  private RowFault list(float[] into, int from) {
    boolean doubles = leaf.storage() == VectorLeaf.Storage.DOUBLES;
    int count = 0;
    int missing = -1;
    do {
      if (values.getCurrentDefinitionLevel() < fullLevel) {
        missing = count;
      } else if (count < width) {
        into[from + count] = doubles ? (float) values.getDouble() : values.getFloat();
      } else {
        values.skip();
      }
      count++;
      values.consume();
    } while (values.getCurrentRepetitionLevel() > 0);
    if (missing >= 0) {
      String found = count == 1 ? "none" : "null at position " + missing;
      return new RowFault(Kind.MISSING, leaf.column(), width + " numbers", found);
    }
    return count == width ? null : wrongWidth(count + " numbers");
  }

  private RowFault bytes(float[] into, int from) {
    boolean present = values.getCurrentDefinitionLevel() == fullLevel;
    ByteBuffer bytes = present ? values.getBinary().toByteBuffer() : null;
    values.consume();
    if (bytes == null) {
      return new RowFault(Kind.MISSING, leaf.column(), width + " numbers", "none");
    }
    for (FloatFormat format : new FloatFormat[] {FloatFormat.FP16, FloatFormat.FP32}) {
      if (bytes.remaining() == width * format.bytes()) {
        format.get(bytes.slice().order(ByteOrder.LITTLE_ENDIAN), into, from, width);
        return null;
      }
    }
    return wrongWidth(bytes.remaining() + " bytes");
  }

  private RowFault wrongWidth(String found) {
    String expected =
        leaf.storage() == VectorLeaf.Storage.BYTES
            ? width + " numbers in " + 2 * width + " (fp16) or " + 4 * width + " (fp32) bytes"
            : width + " numbers";
    return new RowFault(Kind.WRONG_WIDTH, leaf.column(), expected, found);
  }
}
