package prior.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedFileTest {
  @TempDir private Path temp;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatCannotBeWrittenLeavesTheOldContent() throws IOException {
    ReplacedFile file = new ReplacedFile(Location.of(temp.toString()), "lines");
    file.write(bytes("old"));
    Files.createDirectory(temp.resolve(ReplacedFile.unfinished("lines")));
    assertThatThrownBy(() -> file.write(bytes("new"))).isInstanceOf(IOException.class);
    assertThat(temp.resolve("lines")).hasContent("old");
  }

  @Test
  void aReplacementLeavesNothingBesideTheFile() throws IOException {
    ReplacedFile file = new ReplacedFile(Location.of(temp.toString()), "lines");
    assertThat(file.read()).isEmpty();
    file.write(bytes("old"));
    file.write(bytes("new"));
    assertThat(file.read()).hasValue(bytes("new"));
    assertThat(temp.toFile().list()).containsExactly("lines");
  }
}
