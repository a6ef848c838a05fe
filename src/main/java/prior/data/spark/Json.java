package prior.data.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;

/** Text for the JSON files of prepared data; Jackson is the one that Spark brings. */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private Json() {}

  /** One line. */
  public static String line(Object value) {
    return write(MAPPER, value);
  }

  public static String page(Object value) {
    ObjectMapper indented = MAPPER.copy().enable(SerializationFeature.INDENT_OUTPUT);
    return write(indented, value);
  }

  /**
   * A record out of what {@link #line} or {@link #page} made of it.
   *
   * @throws IOException where it is not that
   */
  public static <T> T read(String text, Class<T> type) throws IOException {
    return MAPPER.readValue(text, type);
  }

  /** Whether a line is JSON from its beginning to its end. */
  public static boolean isWhole(String line) {
    try {
      return MAPPER.readTree(line).isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** A text field of one line; empty where there is none. */
  public static String text(String line, String field) {
    try {
      return MAPPER.readTree(line).path(field).asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read JSON: " + e.getMessage(), e);
    }
  }

  /** The number at a JSON pointer in one line; NaN where there is none. */
  public static double number(String line, String pointer) {
    try {
      return MAPPER.readTree(line).at(pointer).asDouble(Double.NaN);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read JSON: " + e.getMessage(), e);
    }
  }

  private static String write(ObjectMapper mapper, Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write JSON: " + e.getMessage(), e);
    }
  }
}
