package prior.conf;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A record's values under the keys that configuration has for them; {@code NONE} is null. */
public final class RecordWords {
  private RecordWords() {}

  /** Keys and values in the record's order; records within become maps. */
  public static Map<String, Object> of(Record record) {
    Map<String, Object> words = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      words.put(RecordBinder.snake(component), word(value(record, component)));
    }
    return words;
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + component, e);
    }
  }

  private static Object word(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(RecordWords::word).toList();
    }
    if (value instanceof Record record) {
      return of(record);
    }
    if (value instanceof Enum<?> constant) {
      return constant.name().equals("NONE") ? null : constant.toString().toLowerCase(Locale.ROOT);
    }
    return value;
  }
}
