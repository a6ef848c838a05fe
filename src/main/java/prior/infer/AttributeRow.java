package prior.infer;

import java.util.Arrays;
import java.util.List;
import prior.conf.AttributeConf;
import prior.conf.InferConf;
import prior.conf.PriorConf;
import prior.data.AttributeColumn;
import prior.model.AttributeColumns;

/** The numbers of a row's attributes that hold for all rows; the others are null. */
public final class AttributeRow {
  private AttributeRow() {}

  /** {@code [C]}, see {@link AttributeColumn}; nothing for a network without attributes. */
  public static float[] of(PriorConf prior, InferConf infer) {
    List<AttributeColumn> columns = AttributeColumns.of(prior);
    float[] row = new float[AttributeColumn.columns(columns)];
    int from = 0;
    for (int i = 0; i < columns.size(); i++) {
      AttributeConf conf = prior.attributes().get(i);
      String value = infer.attributes().get(conf.name());
      if (value != null) {
        put(columns.get(i), value, row, from);
      }
      from += columns.get(i).columns();
    }
    return row;
  }

  private static void put(AttributeColumn column, String value, float[] row, int from) {
    if (column instanceof AttributeColumn.Number number) {
      number.put(Double.parseDouble(value), row, from);
    } else if (column instanceof AttributeColumn.Category category) {
      category.put(value, row, from);
    } else if (column instanceof AttributeColumn.Vector vector) {
      double[] numbers =
          Arrays.stream(AttributeConf.elements(value)).mapToDouble(Double::parseDouble).toArray();
      for (int i = 0; i < numbers.length; i++) {
        row[from + i] = (float) numbers[i];
      }
      vector.mark(true, row, from);
    }
  }
}
