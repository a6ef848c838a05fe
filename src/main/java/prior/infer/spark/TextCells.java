package prior.infer.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import prior.conf.AttributeConf;
import prior.conf.ColumnsConf;
import prior.conf.InferConf;
import prior.conf.KeptSamples;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.data.AttributeColumn;
import prior.data.spark.ClipTexts;
import prior.fault.UserFault;
import prior.model.AttributeColumns;

/**
 * Where in a row its text is.
 *
 * @param schema of the row
 * @param kept how many columns, from the first on, are the input's own
 * @param text -1 where the vectors lie in files of their own, or the network takes none
 * @param encodings -1 where the network takes none
 * @param mask -1 where zeros are padding
 * @param key -1 where the text, its embedding or else its encodings, names its noise itself
 * @param attributes where those are that have columns
 * @param vectors null where they lie in the rows
 */
record TextCells(
    StructType schema,
    int kept,
    int text,
    int encodings,
    int mask,
    int key,
    List<AttributeCell> attributes,
    ClipTexts vectors)
    implements Serializable {

  private static final List<DataType> KEYS =
      List.of(DataTypes.StringType, DataTypes.IntegerType, DataTypes.LongType);
  private static final List<DataType> FLAGS =
      List.of(DataTypes.BooleanType, DataTypes.ByteType, DataTypes.IntegerType, DataTypes.LongType);

  /** Finds the columns, or says which is missing or of no use. */
  static TextCells find(StructType schema, int kept, ClipTexts vectors, Settings settings) {
    ColumnsConf columns = settings.data().columns();
    InferConf infer = settings.infer();
    PriorConf prior = settings.prior();
    Finder in = new Finder(Arrays.copyOf(schema.fields(), kept));
    if (in.has(infer.output())) {
      throw UserFault.usage(
          "Cannot write column %s: expected a new name in infer.output, found it in the input"
              .formatted(infer.output()));
    }
    if (infer.keep() == KeptSamples.ALL && in.has(PredictedColumns.SAMPLE)) {
      throw UserFault.usage(
          "Cannot number samples: infer.keep = all writes a column %1$s, expected none, found %1$s in the input"
              .formatted(PredictedColumns.SAMPLE));
    }
    boolean encoded = prior.encodingRows() > 0;
    return new TextCells(
        schema,
        kept,
        vectors != null || prior.textDim() == 0
            ? -1
            : in.vector(columns.textEmbedding(), "data.columns.text_embedding"),
        encoded ? in.matrix(columns.encodings(), "data.columns.text_encodings") : -1,
        encoded ? mask(in, infer, columns) : -1,
        key(in, infer, columns).orElse(-1),
        attributes(in, prior, infer),
        vectors);
  }

  /** Those with a column in the input and no value for all rows; the others need no cell. */
  private static List<AttributeCell> attributes(Finder in, PriorConf prior, InferConf infer) {
    List<AttributeCell> cells = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < prior.attributes().size(); i++) {
      String name = prior.attributes().get(i).name();
      AttributeColumn attribute = AttributeColumns.of(prior).get(i);
      if (!infer.attributes().containsKey(name) && in.has(attribute.column())) {
        cells.add(in.attribute(attribute, "prior.net.attributes, " + name, from));
      }
      from += attribute.columns();
    }
    return List.copyOf(cells);
  }

  private static int mask(Finder in, InferConf infer, ColumnsConf columns) {
    if (infer.mask() != null) {
      return in.list(infer.mask(), "infer.mask", FLAGS);
    }
    return columns.textMask() != null && in.has(columns.textMask())
        ? in.list(columns.textMask(), "data.columns.text_mask", FLAGS)
        : -1;
  }

  private static Optional<Integer> key(Finder in, InferConf infer, ColumnsConf columns) {
    if (infer.key() != null) {
      return Optional.of(in.one(infer.key(), "infer.key", KEYS, "a string, an int or a bigint"));
    }
    return columns.key() != null && in.has(columns.key())
        ? Optional.of(
            in.one(columns.key(), "data.columns.key", KEYS, "a string, an int or a bigint"))
        : Optional.empty();
  }

  /** Refuses an input whose own column would hide behind a partition's folder. */
  void refuseColumn(String partition) {
    if (partition != null && new Finder(Arrays.copyOf(schema.fields(), kept)).has(partition)) {
      throw UserFault.usage(
          "Cannot write a partition of %s: expected a column the input has not, found %s in the input"
              .formatted(partition, partition));
    }
  }

  /** The input's own columns and those of the prediction. */
  StructType written(PredictedColumns predicted) {
    StructType written = new StructType(Arrays.copyOf(schema.fields(), kept));
    for (StructField field : predicted.fields()) {
      written = written.add(field);
    }
    return written;
  }

  /** Attributes that are null for all rows, for want of a column and of a setting. */
  List<String> nullAttributes(Settings settings) {
    return settings.prior().attributes().stream()
        .filter(attribute -> settings.infer().attributes().get(attribute.name()) == null)
        .filter(
            attribute ->
                attributes.stream()
                    .noneMatch(cell -> cell.attribute().column().equals(attribute.column())))
        .map(AttributeConf::name)
        .toList();
  }

  /** What names the rows' noise, for the log and the manifest. */
  String keyedBy() {
    return key < 0 ? "the text's own numbers" : "column " + schema.apply(key).name();
  }

  private record Finder(StructField[] fields) {
    boolean has(String column) {
      return Arrays.stream(fields).anyMatch(field -> field.name().equalsIgnoreCase(column));
    }

    int vector(String column, String key) {
      int at = at(column, key);
      return fits(VectorCell.of(column, type(at), 0).isVector(), at, key, VectorCell.SUPPORTED);
    }

    int matrix(String column, String key) {
      int at = at(column, key);
      boolean nested = type(at) instanceof ArrayType rows && VectorCell.numbers(rows.elementType());
      return fits(
          nested || VectorCell.numbers(type(at)), at, key, "array<array<float>> or array<float>");
    }

    int list(String column, String key, List<DataType> elements) {
      int at = at(column, key);
      boolean fits = type(at) instanceof ArrayType list && elements.contains(list.elementType());
      return fits(fits, at, key, "array<boolean> or an array of whole numbers");
    }

    int one(String column, String key, List<DataType> types, String expected) {
      int at = at(column, key);
      return fits(types.contains(type(at)), at, key, expected);
    }

    AttributeCell attribute(AttributeColumn attribute, String key, int from) {
      String column = attribute.column();
      int at =
          attribute instanceof AttributeColumn.Vector
              ? vector(column, key)
              : attribute instanceof AttributeColumn.Number
                  ? one(column, key, AttributeCell.NUMBERS, "a float, double, int or bigint")
                  : one(column, key, AttributeCell.CATEGORIES, "a string, an int or a bigint");
      return new AttributeCell(attribute, type(at), at, from);
    }

    private DataType type(int at) {
      return fields[at].dataType();
    }

    private int fits(boolean fits, int at, String key, String expected) {
      if (!fits) {
        throw UserFault.data(
            "Cannot use the column %s of %s: expected %s, found %s"
                .formatted(fields[at].name(), key, expected, type(at).simpleString()));
      }
      return at;
    }

    private int at(String column, String key) {
      for (int i = 0; i < fields.length; i++) {
        if (fields[i].name().equalsIgnoreCase(column)) {
          return i;
        }
      }
      throw UserFault.data(
          "Cannot find the column of %s: expected %s, found %s"
              .formatted(
                  key,
                  column,
                  String.join(", ", Arrays.stream(fields).map(field -> field.name()).toList())));
    }
  }
}
