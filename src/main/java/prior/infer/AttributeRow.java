package prior.infer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import prior.conf.AttributeConf;
import prior.conf.InferConf;
import prior.conf.PriorConf;
import prior.data.AttributeColumn;
import prior.fault.UserFault;
import prior.model.AttributeColumns;

/** The numbers of attributes given as text; the others are null. */
public final class AttributeRow {
  private AttributeRow() {}

  /** Those that hold for all rows, {@code [C]}; nothing for a network without attributes. */
  public static float[] of(PriorConf prior, InferConf infer) {
    return of(prior, infer.attributes());
  }

  /**
   * Of several rows, {@code [n, C]}.
   *
   * @param common what holds where a row says nothing
   * @param rows values by name
   * @throws UserFault where a name is not known or a value not of its attribute's kind
   */
  static float[] each(PriorConf prior, Map<String, String> common, List<Map<String, String>> rows) {
    int width = AttributeColumn.columns(AttributeColumns.of(prior));
    float[] all = new float[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      Map<String, String> values = new HashMap<>(common);
      values.putAll(rows.get(i));
      check(prior, values);
      System.arraycopy(of(prior, values), 0, all, i * width, width);
    }
    return all;
  }

  private static void check(PriorConf prior, Map<String, String> values) {
    Map<String, AttributeConf> known =
        prior.attributes().stream().collect(Collectors.toMap(AttributeConf::name, a -> a));
    values.forEach(
        (name, value) -> {
          if (!known.containsKey(name)) {
            throw UserFault.usage(
                "Cannot use attribute %s: expected one of %s, found no such name"
                    .formatted(name, known.keySet()));
          }
          if (value != null) {
            known.get(name).require(value);
          }
        });
  }

  /** {@code [C]}, see {@link AttributeColumn}. */
  private static float[] of(PriorConf prior, Map<String, String> values) {
    List<AttributeColumn> columns = AttributeColumns.of(prior);
    float[] row = new float[AttributeColumn.columns(columns)];
    int from = 0;
    for (int i = 0; i < columns.size(); i++) {
      AttributeConf conf = prior.attributes().get(i);
      String value = values.get(conf.name());
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
