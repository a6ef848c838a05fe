package prior.data.spark;

import prior.data.AttributeColumn;
import prior.data.RowFault;
import prior.data.RowFault.Kind;

/** Reads vectors, which may be missing or zero. */
record AttributeVectorReader(AttributeColumn.Vector vector, VectorReader values)
    implements AttributeReader {

  @Override
  public int columns() {
    return vector.columns();
  }

  @Override
  public RowFault read(float[] into, int from) {
    RowFault fault = values.read(into, from);
    boolean missing = fault != null && fault.kind() == Kind.MISSING;
    vector.mark(!missing, into, from);
    return missing || fault == null || fault.kind() == Kind.ZERO ? null : fault;
  }
}
