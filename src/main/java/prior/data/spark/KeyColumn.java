package prior.data.spark;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import prior.data.DataFaults;

/** The column that names rows, among the columns of a table in Spark. */
final class KeyColumn {
  private KeyColumn() {}

  static int index(String input, StructType schema, String name) {
    for (int i = 0; i < schema.size(); i++) {
      if (schema.apply(i).name().equalsIgnoreCase(name)) {
        check(input, name, schema.apply(i).dataType());
        return i;
      }
    }
    throw DataFaults.unreadable(
        input, "no such column", "a key column " + name, Arrays.toString(schema.fieldNames()));
  }

  private static void check(String input, String name, DataType type) {
    boolean fits =
        type.equals(DataTypes.StringType)
            || type.equals(DataTypes.LongType)
            || type.equals(DataTypes.IntegerType);
    if (!fits) {
      throw DataFaults.unreadable(
          input,
          "column " + name + " is not a key",
          "a string, an int or a bigint",
          type.simpleString());
    }
  }
}
