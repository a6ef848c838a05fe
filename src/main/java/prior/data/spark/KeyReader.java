package prior.data.spark;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import prior.data.DataFaults;

/** Reads keys in order, as text: strings as they are, whole numbers in decimal. */
final class KeyReader {
  private final ColumnReader values;
  private final ColumnDescriptor column;

  KeyReader(ColumnReader values) {
    this.values = values;
    this.column = values.getDescriptor();
  }

  static ColumnDescriptor find(String file, MessageType schema, String name) {
    return find(file, schema, name, "a key");
  }

  /**
   * The same for what is no key, but read like one.
   *
   * @param what it is, for the message
   */
  static ColumnDescriptor find(String file, MessageType schema, String name, String what) {
    Type field = Fields.find(file, schema, name);
    if (!field.isPrimitive() || !supported(field.asPrimitiveType())) {
      throw DataFaults.unreadable(
          file,
          "column " + name + " is not " + what,
          "a string, an int or a bigint",
          field.toString().replaceAll("\\s+", " "));
    }
    return schema.getColumnDescription(new String[] {field.getName()});
  }

  /** The next row's key, or null. */
  String read() {
    String key =
        values.getCurrentDefinitionLevel() < column.getMaxDefinitionLevel() ? null : value();
    values.consume();
    return key;
  }

  String name() {
    return column.getPath()[0];
  }

  private String value() {
    return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case INT32 -> Integer.toString(values.getInteger());
      case INT64 -> Long.toString(values.getLong());
      default -> values.getBinary().toStringUsingUTF8();
    };
  }

  private static boolean supported(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    PrimitiveTypeName name = type.getPrimitiveTypeName();
    boolean string =
        name == PrimitiveTypeName.BINARY
            && logical instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation;
    boolean number = name == PrimitiveTypeName.INT32 || name == PrimitiveTypeName.INT64;
    boolean whole =
        logical == null || logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation;
    return !type.isRepetition(Type.Repetition.REPEATED) && (string || (number && whole));
  }
}
