package prior.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.nd4j.shade.jackson.core.StreamReadFeature;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.data.DataFaults;

/** Small JSON files as trees: never bound to classes, refused with file and member named. */
final class PlainJson {
  private static final String FORMAT_VERSION = "format_version";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PlainJson() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** Members in the order they were put, a line end behind. */
  static byte[] bytes(ObjectNode root) {
    try {
      String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
      return (text.replace(System.lineSeparator(), "\n") + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode parse(String file, byte[] text) {
    try {
      JsonNode root = JSON.readTree(text);
      if (root.isObject()) {
        return root;
      }
      throw DataFaults.unreadable(file, "another form", "one JSON object", root.getNodeType());
    } catch (IOException e) {
      throw DataFaults.unreadable(
          file, "it cannot be parsed", "one JSON object", Shown.text(e.getMessage()));
    }
  }

  static void checkFormat(String file, JsonNode root) {
    long found = number(file, root, FORMAT_VERSION);
    if (found != Progress.FORMAT) {
      throw DataFaults.unreadable(file, "another " + FORMAT_VERSION, Progress.FORMAT, found);
    }
  }

  static long number(String file, JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw refusal(file, name, "a whole number", value);
    }
    return value.longValue();
  }

  static String text(String file, JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isTextual()) {
      throw refusal(file, name, "text", value);
    }
    return value.textValue();
  }

  private static RuntimeException refusal(
      String file, String name, String expected, JsonNode found) {
    String shown = found.isMissingNode() ? "nothing" : Shown.text(found.toString());
    return DataFaults.unreadable(file, "member " + Shown.text(name), expected, shown);
  }
}
