package prior.notebooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A notebook as it lies in the repository. */
record Notebook(Path file, JsonNode json) {
  private static final Path FOLDER = Path.of("notebooks");

  static Notebook of(String name) throws IOException {
    Path file = FOLDER.resolve(name + ".ipynb");
    return new Notebook(file, new ObjectMapper().readTree(file.toFile()));
  }

  static List<Notebook> all() throws IOException {
    List<Notebook> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".ipynb")).sorted().toList()) {
        all.add(of(file.getFileName().toString().replace(".ipynb", "")));
      }
    }
    return all;
  }

  /** The text of each cell of a type. */
  List<String> cells(String type) {
    List<String> cells = new ArrayList<>();
    for (JsonNode cell : json.path("cells")) {
      if (cell.path("cell_type").asText().equals(type)) {
        StringBuilder text = new StringBuilder();
        cell.path("source").forEach(line -> text.append(line.asText()));
        cells.add(text.toString());
      }
    }
    return cells;
  }

  /** Its code, over a finished demo in the place of the default one. */
  List<String> code(FinishedDemo demo) {
    List<String> code = new ArrayList<>(cells("code"));
    String start = "\"../target/demo\"";
    for (int i = 0; i < code.size(); i++) {
      if (code.get(i).contains(start)) {
        code.set(i, code.get(i).replace(start, '"' + demo.folder().toString() + '"'));
        return code;
      }
    }
    throw new AssertionError(file + " does not say where the demo is");
  }
}
