package prior.data.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import prior.data.DataFaults;

/**
 * Where the numbers of a vector column lie in a Parquet schema.
 *
 * @param column the column's name as the file spells it
 * @param leaf the physical column
 * @param storage what a value of the physical column is
 */
record VectorLeaf(String column, ColumnDescriptor leaf, Storage storage) {

  /** One number a value, or the whole vector in one value. */
  enum Storage {
    FLOATS,
    DOUBLES,
    BYTES
  }

  private static final String SUPPORTED =
      "array<float>, array<double>, a Spark ML vector, or binary with fp16 or fp32";

  /** Finds a vector column: lists of 3 or 2 levels, Spark ML's dense vectors, plain binary. */
  static VectorLeaf find(String file, MessageType schema, String name) {
    return find(file, schema, name, 1);
  }

  /** Finds a column of one matrix a row: a flat list of numbers or a list of lists. */
  static VectorLeaf findMatrix(String file, MessageType schema, String name) {
    return find(file, schema, name, 2);
  }

  private static VectorLeaf find(String file, MessageType schema, String name, int maxDepth) {
    Type field = Fields.find(file, schema, name);
    List<String> path = new ArrayList<>();
    Type type = field;
    path.add(type.getName());
    while (type != null && !type.isPrimitive()) {
      type = inner(type.asGroupType());
      path.add(type == null ? "" : type.getName());
    }
    if (type == null) {
      throw unsupported(file, name, field);
    }
    ColumnDescriptor leaf = schema.getColumnDescription(path.toArray(new String[0]));
    Storage storage = storage(type.asPrimitiveType(), leaf.getMaxRepetitionLevel(), maxDepth);
    if (storage == null) {
      throw unsupported(file, name, field);
    }
    return new VectorLeaf(field.getName(), leaf, storage);
  }

  /** The only child of a list's level, or the values of Spark ML's VectorUDT. */
  private static Type inner(GroupType group) {
    if (group.getFieldCount() == 1) {
      return group.getType(0);
    }
    boolean sparkVector = group.containsField("indices") && group.containsField("values");
    return sparkVector ? group.getType("values") : null;
  }

  private static Storage storage(PrimitiveType type, int depth, int maxDepth) {
    PrimitiveTypeName name = type.getPrimitiveTypeName();
    boolean list = depth >= 1 && depth <= maxDepth;
    if (list && name == PrimitiveTypeName.FLOAT) {
      return Storage.FLOATS;
    }
    if (list && name == PrimitiveTypeName.DOUBLE) {
      return Storage.DOUBLES;
    }
    boolean binary =
        name == PrimitiveTypeName.BINARY || name == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    boolean bare = type.getLogicalTypeAnnotation() == null && type.getOriginalType() == null;
    return depth == 0 && maxDepth == 1 && binary && bare ? Storage.BYTES : null;
  }

  private static RuntimeException unsupported(String file, String name, Type field) {
    return DataFaults.unreadable(
        file,
        "column " + name + " is not a vector",
        SUPPORTED,
        field.toString().replaceAll("\\s+", " "));
  }
}
