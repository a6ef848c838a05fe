package prior.data.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of rows on their way: first what places a row, then what is written. */
final class PairSchema {
  static final String PLACE = "__place";
  static final String BUCKET = "__bucket";
  static final String RANK = "__rank";
  static final String TABLE = "__table";
  static final String ROW = "__row";
  static final String REFUSAL = "__refusal";

  /** Index of the first column that is written: the key, then text and image. */
  static final int KEY = 6;

  private static final Set<String> TAKEN = Set.of("key", "text_embedding", "image_embedding");

  private PairSchema() {}

  /** Rows of a table as they come in: columns to keep, then the table and the row within it. */
  static StructType kept(StructType table, Set<String> vectorColumns) {
    List<StructField> fields = new ArrayList<>();
    for (StructField field : table.fields()) {
      if (!vectorColumns.contains(field.name().toLowerCase(Locale.ROOT))) {
        fields.add(field);
      }
    }
    return new StructType(fields.toArray(new StructField[0]));
  }

  /** Rows on their way to the files; vectors are bytes, fp32 in little-endian order. */
  static StructType moving(StructType kept) {
    StructType placed =
        new StructType()
            .add(PLACE, DataTypes.IntegerType, false)
            .add(BUCKET, DataTypes.IntegerType, false)
            .add(RANK, DataTypes.LongType, false)
            .add(TABLE, DataTypes.StringType, false)
            .add(ROW, DataTypes.LongType, false)
            .add(REFUSAL, DataTypes.StringType, true);
    return withPair(placed, DataTypes.BinaryType, true, kept);
  }

  /** Rows as they are written; without text embeddings there is no column of them. */
  static StructType written(StructType kept, int textWidth) {
    DataType vector = DataTypes.createArrayType(DataTypes.FloatType, false);
    StructType all = withPair(new StructType(), vector, false, kept);
    return textWidth > 0
        ? all
        : new StructType(
            Arrays.stream(all.fields())
                .filter(field -> !field.name().equals("text_embedding"))
                .toArray(StructField[]::new));
  }

  private static StructType withPair(
      StructType before, DataType vector, boolean nullable, StructType kept) {
    StructType all =
        before
            .add("key", DataTypes.StringType, nullable)
            .add("text_embedding", vector, nullable)
            .add("image_embedding", vector, nullable);
    for (StructField field : kept.fields()) {
      boolean taken = TAKEN.contains(field.name().toLowerCase(Locale.ROOT));
      all = all.add(taken ? "input_" + field.name() : field.name(), field.dataType(), true);
    }
    return all;
  }
}
