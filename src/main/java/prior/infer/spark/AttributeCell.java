package prior.infer.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import prior.data.AttributeColumn;
import prior.data.RowFault;
import prior.data.RowFault.Kind;

/**
 * Where in a row an attribute is.
 *
 * @param at the column's number
 * @param from where its numbers go among those of all attributes
 */
record AttributeCell(AttributeColumn attribute, DataType type, int at, int from)
    implements Serializable {
  static final List<DataType> NUMBERS =
      List.of(DataTypes.FloatType, DataTypes.DoubleType, DataTypes.IntegerType, DataTypes.LongType);
  static final List<DataType> CATEGORIES =
      List.of(DataTypes.StringType, DataTypes.IntegerType, DataTypes.LongType);

  /**
   * Reads a row's value.
   *
   * @param into the numbers of all rows' attributes, this row's from {@code start} on
   * @return null, or what is wrong with a value that is there
   */
  RowFault read(InternalRow row, float[] into, int start) {
    if (attribute instanceof AttributeColumn.Number number) {
      double value = row.isNullAt(at) ? Double.NaN : number(row);
      if (Double.isInfinite(value)) {
        return new RowFault(
            Kind.NOT_FINITE, number.column(), "a finite number or null", "" + value);
      }
      number.put(value, into, start + from);
      return null;
    }
    if (attribute instanceof AttributeColumn.Category category) {
      category.put(row.isNullAt(at) ? null : row.get(at, type).toString(), into, start + from);
      return null;
    }
    return vector((AttributeColumn.Vector) attribute, row, into, start + from);
  }

  private double number(InternalRow row) {
    return ((Number) row.get(at, type)).doubleValue();
  }

  private RowFault vector(AttributeColumn.Vector vector, InternalRow row, float[] into, int to) {
    boolean given = !row.isNullAt(at);
    RowFault fault =
        given ? VectorCell.of(vector.column(), type, vector.width()).read(row, at, into, to) : null;
    vector.mark(given, into, to);
    return fault != null && fault.kind() != Kind.ZERO ? fault : null;
  }
}
