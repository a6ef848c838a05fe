package prior.data.spark;

import org.apache.parquet.column.ColumnReader;
import prior.data.AttributeColumn;
import prior.data.RowFault;
import prior.data.RowFault.Kind;

/** Reads numbers; NaN counts as null, infinity is a fault. */
record NumberReader(AttributeColumn.Number number, ColumnReader values) implements AttributeReader {

  @Override
  public int columns() {
    return number.columns();
  }

  @Override
  public RowFault read(float[] into, int from) {
    boolean given =
        values.getCurrentDefinitionLevel() == values.getDescriptor().getMaxDefinitionLevel();
    double value = given ? value() : Double.NaN;
    values.consume();
    if (Double.isInfinite(value)) {
      return new RowFault(Kind.NOT_FINITE, number.column(), "a finite number or null", "" + value);
    }
    number.put(value, into, from);
    return null;
  }

  private double value() {
    return switch (values.getDescriptor().getPrimitiveType().getPrimitiveTypeName()) {
      case INT32 -> values.getInteger();
      case INT64 -> values.getLong();
      case FLOAT -> values.getFloat();
      case DOUBLE -> values.getDouble();
      case BOOLEAN, BINARY, INT96, FIXED_LEN_BYTE_ARRAY ->
          throw new IllegalStateException("not a number: " + values.getDescriptor());
    };
  }
}
