package prior;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import prior.fault.ExitStatus;

/** What is written for people holds together. */
class DocumentsTest {
  private static final Path README = Path.of("README.md");
  private static final Path DOCS = Path.of("src/docs");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");
  private static final Pattern STATUS = Pattern.compile("(?m)^\\| (\\d) \\|");

  private static List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>(List.of(README, Path.of(".github/CONTRIBUTING.md")));
    try (Stream<Path> docs = Files.list(DOCS)) {
      docs.filter(doc -> doc.toString().endsWith(".md")).forEach(all::add);
    }
    return all;
  }

  private static List<Path> linked(Path document) throws IOException {
    Path folder = document.toAbsolutePath().getParent();
    return LINK.matcher(Files.readString(document))
        .results()
        .map(link -> link.group(1))
        .filter(target -> !target.contains("://"))
        .map(target -> folder.resolve(target).normalize())
        .toList();
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    for (Path document : all()) {
      assertThat(linked(document))
          .as(document.toString())
          .allSatisfy(to -> assertThat(to).exists());
    }
  }

  @Test
  void readmeLeadsToEveryDocument() throws IOException {
    List<Path> linked = linked(README);
    assertThat(all().stream().map(Path::toAbsolutePath))
        .filteredOn(document -> !document.endsWith(README))
        .isSubsetOf(linked);
  }

  @Test
  void theTableOfExitStatusesIsThatOfTheCode() throws IOException {
    List<Integer> codes = new ArrayList<>(List.of(0));
    for (ExitStatus status : ExitStatus.values()) {
      codes.add(status.code());
    }
    assertThat(STATUS.matcher(Files.readString(README)).results().map(DocumentsTest::number))
        .containsExactlyElementsOf(codes);
  }

  private static int number(MatchResult status) {
    return Integer.parseInt(status.group(1));
  }
}
