package prior.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Rows of JSON as one array for each key, which names it once. */
final class Columns {
  private Columns() {}

  static ObjectNode of(List<JsonNode> rows) {
    Set<String> keys = new LinkedHashSet<>();
    rows.forEach(row -> row.fieldNames().forEachRemaining(keys::add));
    ObjectNode columns = JsonNodeFactory.instance.objectNode();
    for (String key : keys) {
      ArrayNode column = columns.putArray(key);
      rows.forEach(row -> column.add(row.get(key)));
    }
    return columns;
  }
}
