package prior.infer.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import prior.conf.PriorConf;
import prior.data.KeyHash;
import prior.data.RowFault;
import prior.data.RowFault.Kind;
import prior.data.spark.ClipTexts;
import prior.infer.Predictor;

/** Rows that are predicted together, and their texts. Rows that fit nowhere are not taken in. */
final class Pass {
  private final TextCells cells;
  private final ClipTexts.Cursor vectors;
  private final VectorCell text;
  private final VectorCell encoding;
  private final int textRows;
  private final List<InternalRow> rows = new ArrayList<>();
  private final long[] keys;
  private final float[] texts;
  private final float[] encodings;
  private final float[] given;
  private final float[] attributes;
  private final float[] one;

  /**
   * @param given the numbers of a row's attributes but for those in cells
   * @param vectors null where they lie in the rows
   */
  Pass(TextCells cells, PriorConf prior, float[] given, ClipTexts.Cursor vectors, int capacity) {
    this.cells = cells;
    this.vectors = vectors;
    this.text = cell(cells.text(), prior.textDim());
    this.encoding = cell(cells.encodings(), prior.encodingDim());
    this.textRows = prior.encodingRows();
    this.keys = new long[capacity];
    this.given = given;
    this.attributes = new float[capacity * given.length];
    this.one = new float[text.width()];
    this.texts = new float[capacity * text.width()];
    this.encodings = textRows == 0 ? null : new float[capacity * textRows * encoding.width()];
  }

  private VectorCell cell(int at, int width) {
    return at < 0
        ? new VectorCell("text_emb", DataTypes.BinaryType, width)
        : VectorCell.of(
            cells.schema().apply(at).name(), cells.schema().apply(at).dataType(), width);
  }

  /** Takes a row in, or says why it cannot be. */
  Optional<RowFault> add(InternalRow row) {
    int n = rows.size();
    RowFault fault = text(row);
    if (fault == null && encodings != null) {
      fault = encodings(row, n * textRows * encoding.width());
    }
    if (fault == null) {
      fault = attributes(row, n * given.length);
    }
    if (fault == null) {
      System.arraycopy(one, 0, texts, n * one.length, one.length);
      fault = key(row, n);
    }
    if (fault == null) {
      rows.add(row);
    }
    return Optional.ofNullable(fault);
  }

  List<InternalRow> rows() {
    return rows;
  }

  boolean full() {
    return rows.size() == keys.length;
  }

  Predictor.Texts texts() {
    int n = rows.size();
    return new Predictor.Texts(
        Arrays.copyOf(keys, n),
        Arrays.copyOf(texts, n * one.length),
        encodings == null ? null : Arrays.copyOf(encodings, n * textRows * encoding.width()),
        Arrays.copyOf(attributes, n * given.length));
  }

  private RowFault attributes(InternalRow row, int from) {
    System.arraycopy(given, 0, attributes, from, given.length);
    RowFault fault = null;
    for (AttributeCell cell : cells.attributes()) {
      RowFault own = cell.read(row, attributes, from);
      fault = fault == null ? own : fault;
    }
    return fault;
  }

  private RowFault text(InternalRow row) {
    if (one.length == 0) {
      return null;
    }
    if (vectors == null) {
      return text.read(row, cells.text(), one, 0);
    }
    String table = new Path(row.getString(cells.kept())).getName();
    vectors.read(table, row.getLong(cells.kept() + 1), one);
    return RowFault.ofVector(text.column(), one, 0, one.length);
  }

  private RowFault encodings(InternalRow row, int from) {
    Arrays.fill(encodings, from, from + textRows * encoding.width(), 0);
    if (row.isNullAt(cells.encodings())) {
      return new RowFault(Kind.MISSING, encoding.column(), "text encodings", "none");
    }
    ArrayData given = row.getArray(cells.encodings());
    DataType element = ((ArrayType) encoding.type()).elementType();
    RowFault fault =
        element instanceof ArrayType
            ? nested(given, element, from)
            : flat(given, from, element.equals(DataTypes.FloatType));
    return fault != null || cells.mask() < 0 ? fault : mask(row, from);
  }

  private RowFault nested(ArrayData given, DataType type, int from) {
    VectorCell token = VectorCell.of(encoding.column(), type, encoding.width());
    for (int t = 0; t < Math.min(textRows, given.numElements()); t++) {
      RowFault fault = token.read(given, t, encodings, from + t * encoding.width());
      if (fault != null && fault.kind() != Kind.ZERO) {
        return fault;
      }
    }
    return null;
  }

  private RowFault flat(ArrayData given, int from, boolean floats) {
    int count = given.numElements();
    if (count % encoding.width() != 0) {
      return new RowFault(
          Kind.WRONG_WIDTH,
          encoding.column(),
          "tokens of " + encoding.width() + " numbers",
          count + " numbers");
    }
    int used = Math.min(count, textRows * encoding.width());
    for (int i = 0; i < used; i++) {
      float value =
          given.isNullAt(i) ? Float.NaN : floats ? given.getFloat(i) : (float) given.getDouble(i);
      encodings[from + i] = value;
    }
    RowFault fault = RowFault.ofVector(encoding.column(), encodings, from, used);
    return fault != null && fault.kind() == Kind.ZERO ? null : fault;
  }

  /** What the mask leaves out becomes padding. */
  private RowFault mask(InternalRow row, int from) {
    String column = cells.schema().apply(cells.mask()).name();
    if (row.isNullAt(cells.mask())) {
      return new RowFault(Kind.MISSING, column, "a mask", "none");
    }
    ArrayData mask = row.getArray(cells.mask());
    DataType flag = ((ArrayType) cells.schema().apply(cells.mask()).dataType()).elementType();
    for (int t = 0; t < textRows; t++) {
      boolean counts = t < mask.numElements() && !mask.isNullAt(t) && set(mask, t, flag);
      if (!counts) {
        int start = from + t * encoding.width();
        Arrays.fill(encodings, start, start + encoding.width(), 0);
      }
    }
    return null;
  }

  private static boolean set(ArrayData mask, int at, DataType flag) {
    Object value = mask.get(at, flag);
    return value instanceof Boolean yes ? yes : ((Number) value).longValue() != 0;
  }

  /** The key's hash; without a key column, that of the text's own numbers. */
  private RowFault key(InternalRow row, int n) {
    if (cells.key() >= 0) {
      String key = keyText(row);
      if (key == null) {
        return new RowFault(Kind.NO_KEY, cells.keyedBy(), "a key", "none");
      }
      keys[n] = KeyHash.of(key);
      return null;
    }
    int tokens = textRows * encoding.width();
    keys[n] =
        KeyHash.of(
            one.length > 0 ? one : Arrays.copyOfRange(encodings, n * tokens, (n + 1) * tokens));
    return null;
  }

  /** The row's key as text; null where it has none. */
  String keyText(InternalRow row) {
    return cells.key() < 0 || row.isNullAt(cells.key())
        ? null
        : String.valueOf(row.get(cells.key(), cells.schema().apply(cells.key()).dataType()));
  }
}
