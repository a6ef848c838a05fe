package prior.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.dataformat.yaml.YAMLMapper;

/**
 * The Spark operator's own schema of a SparkApplication: required fields, types, and no field that
 * it has not, which the API server would drop in silence.
 */
public final class SparkApplicationSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FILE =
      Path.of("src/test/resources/kubernetes/sparkapplication-v1beta2.json");

  private final List<String> problems = new ArrayList<>();

  private SparkApplicationSchema() {}

  /** Reads YAML, refusing a key that is there twice. */
  public static JsonNode yaml(String text) throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    yaml.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    return JSON.readTree(yaml.readTree(text).toString());
  }

  /** What is wrong with an application. */
  public static List<String> problems(JsonNode application) throws IOException {
    SparkApplicationSchema schema = new SparkApplicationSchema();
    schema.check(application, JSON.readTree(FILE.toFile()), "");
    return schema.problems;
  }

  private void check(JsonNode value, JsonNode schema, String path) {
    String type = schema.path("type").asText();
    if (!fits(value, type)) {
      problems.add("%s: expected %s, found %s".formatted(path, type, value));
    }
    JsonNode words = schema.path("enum");
    if (!words.isMissingNode() && !contains(words, value)) {
      problems.add("%s: expected one of %s, found %s".formatted(path, words, value));
    }
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asText())) {
        problems.add("%s: expected %s, found none".formatted(path, name.asText()));
      }
    }
    value.forEach(one -> checkItem(one, schema, path));
    value.fields().forEachRemaining(field -> checkField(field, schema, path));
  }

  private void checkItem(JsonNode one, JsonNode schema, String path) {
    if (schema.has("items")) {
      check(one, schema.get("items"), path + "[]");
    }
  }

  private void checkField(Map.Entry<String, JsonNode> field, JsonNode schema, String path) {
    String below = path + "." + field.getKey();
    if (schema.path("properties").has(field.getKey())) {
      check(field.getValue(), schema.get("properties").get(field.getKey()), below);
    } else if (schema.has("additionalProperties")) {
      check(field.getValue(), schema.get("additionalProperties"), below);
    } else if (schema.has("properties")) {
      problems.add(below + ": the schema has no such field");
    }
  }

  private static boolean fits(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "boolean" -> value.isBoolean();
      case "int-or-string" -> value.isIntegralNumber() || value.isTextual();
      default -> throw new IllegalStateException("a type that is not known here: " + type);
    };
  }

  private static boolean contains(JsonNode words, JsonNode value) {
    for (Iterator<JsonNode> all = words.elements(); all.hasNext(); ) {
      if (all.next().equals(value)) {
        return true;
      }
    }
    return false;
  }
}
