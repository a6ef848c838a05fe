package prior.data.spark;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import prior.data.AttributeColumn;
import prior.data.DataFaults;

/**
 * Where the values of an attribute lie in a Parquet schema.
 *
 * @param vector how a vector is stored; null for other kinds
 */
record AttributeLeaf(AttributeColumn attribute, ColumnDescriptor leaf, VectorLeaf vector) {

  /** Finds the column, which must be of the attribute's kind. */
  static AttributeLeaf find(String file, MessageType schema, AttributeColumn attribute) {
    String name = attribute.column();
    if (attribute instanceof AttributeColumn.Vector) {
      VectorLeaf vector = VectorLeaf.find(file, schema, name);
      return new AttributeLeaf(attribute, vector.leaf(), vector);
    }
    ColumnDescriptor leaf =
        attribute instanceof AttributeColumn.Number
            ? number(file, schema, name)
            : KeyReader.find(file, schema, name, "a category");
    return new AttributeLeaf(attribute, leaf, null);
  }

  private static ColumnDescriptor number(String file, MessageType schema, String name) {
    Type field = Fields.find(file, schema, name);
    if (!field.isPrimitive() || !isNumber(field.asPrimitiveType())) {
      throw DataFaults.unreadable(
          file,
          "column " + name + " is not a number",
          "a float, a double, an int or a bigint",
          field.toString().replaceAll("\\s+", " "));
    }
    return schema.getColumnDescription(new String[] {field.getName()});
  }

  private static boolean isNumber(PrimitiveType type) {
    boolean plain =
        type.getLogicalTypeAnnotation() == null
            || type.getLogicalTypeAnnotation() instanceof IntLogicalTypeAnnotation;
    return plain
        && !type.isRepetition(Type.Repetition.REPEATED)
        && switch (type.getPrimitiveTypeName()) {
          case INT32, INT64, FLOAT, DOUBLE -> true;
          case BOOLEAN, BINARY, INT96, FIXED_LEN_BYTE_ARRAY -> false;
        };
  }

  AttributeReader reader(ColumnReader values) {
    if (attribute instanceof AttributeColumn.Number number) {
      return new NumberReader(number, values);
    }
    if (attribute instanceof AttributeColumn.Category category) {
      return new CategoryReader(category, new KeyReader(values));
    }
    AttributeColumn.Vector own = (AttributeColumn.Vector) attribute;
    return new AttributeVectorReader(own, new VectorReader(values, vector, own.width()));
  }
}
