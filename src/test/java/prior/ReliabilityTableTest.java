package prior;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of injected faults names tests that exist. */
class ReliabilityTableTest {
  private static final Pattern ROW = Pattern.compile("\\|.*\\|.*\\|.*\\| `(\\w+)#(\\w+)` \\|");

  @Test
  void everyFaultHasATestThatExists() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("src/docs/reliability.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| fault"))
            .toList();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(25);
    for (String row : rows) {
      Matcher named = ROW.matcher(row);
      assertThat(named.matches()).as(row).isTrue();
      assertThat(source(named.group(1)))
          .as(row)
          .containsPattern(
              "@(Test|ParameterizedTest)[^;{}]*(\\{[^;}]*})?[^;{}]*\\bvoid "
                  + named.group(2)
                  + "\\(");
    }
  }

  private static String source(String test) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      Path file = files.filter(f -> f.endsWith(test + ".java")).findFirst().orElseThrow();
      return Files.readString(file);
    }
  }
}
