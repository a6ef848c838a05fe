package prior.data.spark;

import java.util.Arrays;
import org.apache.parquet.column.ColumnReader;
import prior.data.RowFault;
import prior.data.RowFault.Kind;

/**
 * Reads one matrix of (tokens x width) numbers a row; rows may have different numbers of tokens.
 */
final class MatrixReader {
  private final ColumnReader values;
  private final VectorLeaf leaf;
  private final int width;
  private float[] row = new float[0];
  private int count;

  MatrixReader(ColumnReader values, VectorLeaf leaf, int width) {
    this.values = values;
    this.leaf = leaf;
    this.width = width;
  }

  /** Reads the next row; afterwards {@link #tokens} and {@link #numbers} describe it. */
  RowFault read() {
    int full = leaf.leaf().getMaxDefinitionLevel();
    boolean doubles = leaf.storage() == VectorLeaf.Storage.DOUBLES;
    RowFault fault = null;
    int levels = 0;
    count = 0;
    do {
      boolean tokenStarts =
          values.getCurrentRepetitionLevel() < leaf.leaf().getMaxRepetitionLevel();
      if (tokenStarts && count % width != 0) {
        fault = wrongWidth();
      }
      if (values.getCurrentDefinitionLevel() == full) {
        add(doubles ? (float) values.getDouble() : values.getFloat());
      }
      levels++;
      values.consume();
    } while (values.getCurrentRepetitionLevel() > 0);
    if (levels != count && levels > 1) {
      return new RowFault(Kind.MISSING, leaf.column(), "numbers", "a null or an empty token");
    }
    return fault != null || count % width != 0 ? wrongWidth() : notFinite();
  }

  int tokens() {
    return count / width;
  }

  float[] numbers() {
    return row;
  }

  private void add(float value) {
    if (count == row.length) {
      row = Arrays.copyOf(row, Math.max(width, 2 * row.length));
    }
    row[count++] = value;
  }

  private RowFault wrongWidth() {
    return new RowFault(
        Kind.WRONG_WIDTH, leaf.column(), "tokens of " + width + " numbers", count + " numbers");
  }

  /** A row without tokens, or with tokens of zeros only, is padding and no fault. */
  private RowFault notFinite() {
    RowFault fault = RowFault.ofVector(leaf.column(), row, 0, count);
    return fault != null && fault.kind() == Kind.NOT_FINITE ? fault : null;
  }
}
