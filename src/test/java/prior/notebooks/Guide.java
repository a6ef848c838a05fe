package prior.notebooks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The fenced snippets of a page, over folders in the places that it names.
 *
 * @param folders what stands for RUN and the like
 */
record Guide(Path page, Map<String, Path> folders) {

  /** The snippets of a language in their order; "" for commands. */
  List<String> snippets(String language) throws IOException {
    return Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(Files.readString(page))
        .results()
        .filter(snippet -> snippet.group(1).equals(language))
        .map(snippet -> located(snippet.group(2)))
        .toList();
  }

  /** The only snippet of a language that holds a text. */
  String snippet(String language, String holding) throws IOException {
    List<String> found =
        snippets(language).stream().filter(snippet -> snippet.contains(holding)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " snippets in " + page + " hold " + holding);
    }
    return found.get(0);
  }

  private String located(String snippet) {
    String located = snippet;
    for (Map.Entry<String, Path> folder : folders.entrySet()) {
      located =
          Pattern.compile("(?<=[\" ])%s(?=[\"/\\s])".formatted(folder.getKey()))
              .matcher(located)
              .replaceAll(folder.getValue().toString());
    }
    return located;
  }
}
