package prior.data.spark;

import prior.data.AttributeColumn;
import prior.data.RowFault;

/** Reads texts and whole numbers as places among known values. */
record CategoryReader(AttributeColumn.Category category, KeyReader values)
    implements AttributeReader {

  @Override
  public int columns() {
    return category.columns();
  }

  @Override
  public RowFault read(float[] into, int from) {
    category.put(values.read(), into, from);
    return null;
  }
}
