package prior.data.spark;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import prior.data.DataFaults;

/** Top-level columns by name; an exact match wins, else one that differs only in case. */
final class Fields {
  private Fields() {}

  static Type find(String file, MessageType schema, String name) {
    if (schema.containsField(name)) {
      return schema.getType(name);
    }
    List<Type> matches =
        schema.getFields().stream()
            .filter(field -> field.getName().equalsIgnoreCase(name))
            .toList();
    if (matches.size() != 1) {
      throw DataFaults.unreadable(
          file,
          matches.isEmpty() ? "no such column" : "ambiguous column",
          "one column " + name,
          names(matches.isEmpty() ? schema.getFields() : matches));
    }
    return matches.get(0);
  }

  private static String names(List<Type> fields) {
    return fields.stream().map(Type::getName).collect(Collectors.joining(", ", "(", ")"));
  }
}
