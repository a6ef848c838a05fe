package prior.data.spark;

import java.util.BitSet;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import prior.data.DataFaults;
import prior.data.RowFault;
import prior.data.RowFault.Kind;

/** Reads which tokens of each row count: a list of boolean or whole numbers, 0 for padding. */
final class MaskReader {
  private final ColumnReader values;
  private final ColumnDescriptor column;
  private final BitSet counts = new BitSet();

  MaskReader(ColumnReader values) {
    this.values = values;
    this.column = values.getDescriptor();
  }

  static ColumnDescriptor find(String file, MessageType schema, String name) {
    Type field = Fields.find(file, schema, name);
    for (ColumnDescriptor leaf : schema.getColumns()) {
      if (leaf.getPath()[0].equals(field.getName())
          && leaf.getMaxRepetitionLevel() == 1
          && flag(leaf.getPrimitiveType().getPrimitiveTypeName())) {
        return leaf;
      }
    }
    throw DataFaults.unreadable(
        file,
        "column " + name + " is not a mask",
        "array<boolean> or an array of whole numbers",
        field.toString().replaceAll("\\s+", " "));
  }

  private static boolean flag(PrimitiveTypeName type) {
    return switch (type) {
      case BOOLEAN, INT32, INT64 -> true;
      case BINARY, FLOAT, DOUBLE, INT96, FIXED_LEN_BYTE_ARRAY -> false;
    };
  }

  /** Reads the next row; afterwards {@link #counts} describes it. Tokens beyond it are padding. */
  RowFault read() {
    counts.clear();
    boolean missing = values.getCurrentDefinitionLevel() == 0;
    int token = 0;
    do {
      counts.set(token++, set());
      values.consume();
    } while (values.getCurrentRepetitionLevel() > 0);
    return missing ? new RowFault(Kind.MISSING, column.getPath()[0], "a mask", "none") : null;
  }

  boolean counts(int token) {
    return counts.get(token);
  }

  private boolean set() {
    return values.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()
        && switch (column.getPrimitiveType().getPrimitiveTypeName()) {
          case BOOLEAN -> values.getBoolean();
          case INT32 -> values.getInteger() != 0;
          default -> values.getLong() != 0;
        };
  }
}
