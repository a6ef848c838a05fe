package prior.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.core.StreamReadFeature;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.data.DataFaults;

/**
 * Small JSON files as trees: never bound to classes, refused with file and member named. By the
 * Jackson that ND4J brings, so that it is there where Spark's is not.
 */
public final class PlainJson {
  private static final int DEEPEST = 32;
  private static final int LONGEST_NUMBER = 64;
  private static final String FORMAT_VERSION = "format_version";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PlainJson() {}

  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** An object of text, numbers, truth values, nulls and maps of them. */
  public static ObjectNode object(Map<String, ?> members) {
    return JSON.valueToTree(members);
  }

  /** Members in the order they were put, a line end behind. */
  public static byte[] bytes(ObjectNode root) {
    try {
      String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
      return (text.replace(System.lineSeparator(), "\n") + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one object of a file of at most 16 MiB, each of its names once. */
  public static JsonNode read(Location file) {
    try {
      return parse(file.toString(), CheckedFiles.bytes(file));
    } catch (IOException e) {
      throw CheckedFiles.fault(file, e);
    }
  }

  /** The one object of a text, which messages call by a name. */
  public static JsonNode parse(String name, String text) {
    return parse(name, text.getBytes(StandardCharsets.UTF_8));
  }

  static JsonNode parse(String file, byte[] text) {
    try {
      checkBounds(file, text);
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

  /** So that a tree costs no more than its text: its depth and its numbers are bounded. */
  private static void checkBounds(String file, byte[] text) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      int depth = 0;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > DEEPEST) {
          throw DataFaults.unreadable(
              file, "it is nested too deeply", "at most " + DEEPEST + " levels", "more");
        }
        if (token.isNumeric() && json.getTextLength() > LONGEST_NUMBER) {
          throw DataFaults.unreadable(
              file,
              "a number is too long",
              "at most " + LONGEST_NUMBER + " characters",
              json.getTextLength());
        }
      }
    }
  }

  static void checkFormat(String file, JsonNode root) {
    long found = number(file, root, FORMAT_VERSION);
    if (found != Progress.FORMAT) {
      throw DataFaults.unreadable(file, "another " + FORMAT_VERSION, Progress.FORMAT, found);
    }
  }

  public static long number(String file, JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw refusal(file, name, "a whole number", value);
    }
    return value.longValue();
  }

  public static String text(String file, JsonNode node, String name) {
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
