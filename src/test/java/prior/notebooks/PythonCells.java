package prior.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Pieces of Python, run one after another in one process; {@code PYTHON} says by which. */
final class PythonCells {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PYTHON = System.getenv().getOrDefault("PYTHON", "python3");

  private PythonCells() {}

  /** Whether Python is there with these packages. */
  static boolean has(String packages) {
    try {
      return new ProcessBuilder(PYTHON, "-c", "import " + packages)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /** Skips the test, aloud, where they are missing. */
  static void assume(String packages) {
    assumeTrue(
        has(packages),
        "skipped: %s has not all of %s; PYTHON=FILE names another Python"
            .formatted(PYTHON, packages));
  }

  /** Runs pieces and returns variables of theirs; an exception fails, with its trace. */
  static JsonNode run(List<String> pieces, Path home, Map<String, String> environment, String names)
      throws Exception {
    Path script = Path.of("src/test/resources/notebooks/run_cells.py").toAbsolutePath();
    Path errors = Files.createTempFile("python", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(PYTHON, script.toString(), names)
              .directory(home.toFile())
              .redirectError(errors.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().write(JSON.writeValueAsBytes(pieces));
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
      return JSON.readTree(out.strip().lines().reduce("", (before, line) -> line));
    } finally {
      Files.deleteIfExists(errors);
    }
  }
}
