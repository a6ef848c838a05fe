package prior.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page's text: {@code page.html}, in which each <code>{{name}}</code> stands for a file beside
 * it, one of the charting library, or the data.
 */
final class Page {
  /** Where Apache ECharts lies on the class path; pom.xml names the same version. */
  private static final String LIBRARY = "/META-INF/resources/webjars/echarts/5.3.1/";

  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-zA-Z0-9./-]+)}}");

  private Page() {}

  static String of(JsonNode data) {
    return PLACE
        .matcher(text("page.html"))
        .replaceAll(place -> Matcher.quoteReplacement(content(place.group(1), data)));
  }

  private static String content(String name, JsonNode data) {
    if (name.equals("data")) {
      return withoutTags(data.toString());
    }
    return name.startsWith("echarts/")
        ? text(LIBRARY + name.substring("echarts/".length()))
        : text(name);
  }

  /** In JSON this sign stands only inside strings, where it may be written so. */
  private static String withoutTags(String json) {
    return json.replace("<", "\\u003c");
  }

  private static String text(String resource) {
    try (InputStream in = Page.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
