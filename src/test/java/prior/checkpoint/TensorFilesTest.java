package prior.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

class TensorFilesTest {
  private static final Path SHARDED = Path.of("src/test/resources/exchange/sharded");
  private static final String INDEX = "diffusion_pytorch_model.safetensors.index.json";

  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.list(SHARDED)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  private TensorFiles open() {
    return TensorFiles.sharded(Location.of(folder.resolve(INDEX).toString()));
  }

  private void edit(String from, String to) throws IOException {
    String index = Files.readString(folder.resolve(INDEX));
    assertThat(index).contains(from);
    Files.writeString(folder.resolve(INDEX), index.replace(from, to));
  }

  private void refused(String... parts) {
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            UserFault.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessageContainingAll(parts);
  }

  @Test
  void tensorsOfTwoFilesOfPythonAreReadThroughTheirIndex() {
    try (TensorFiles files = open()) {
      assertThat(files.entries())
          .extracting(TensorEntry::name)
          .containsExactly("a.weight", "b.bias");
      assertThat(files.tensor("a.weight"))
          .isEqualTo(new Tensor("a.weight", new long[] {2, 3}, new float[] {0, 1, 2, 3, 4, 5}));
      assertThat(files.tensor("b.bias").values()).containsExactly(1, 1, 1, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "/etc/passwd", "..", "a/b.safetensors", "", ".hidden"})
  void aNameThatMayLeadOutOfTheFolderIsRefused(String name) throws IOException {
    edit("diffusion_pytorch_model-00001-of-00002.safetensors", name);
    refused(INDEX, "may lead out of its folder", "'" + name + "'");
  }

  @Test
  void allThatIndexAndFilesDisagreeOnIsToldTogether() throws IOException {
    edit("\"a.weight\"", "\"c.weight\"");
    edit(
        "00002-of-00002.safetensors\"",
        "00002-of-00002.safetensors\", \"d\": "
            + "\"diffusion_pytorch_model-00001-of-00002.safetensors\"");
    refused(
        "a.weight: expected in no file, found in diffusion_pytorch_model-00001-of-00002",
        "c.weight: expected in diffusion_pytorch_model-00001-of-00002.safetensors, found in none",
        "d: expected in diffusion_pytorch_model-00001-of-00002.safetensors, found in none");
  }

  @Test
  void aTensorInTwoFilesIsRefused() throws IOException {
    Files.copy(
        folder.resolve("diffusion_pytorch_model-00001-of-00002.safetensors"),
        folder.resolve("third.safetensors"));
    edit("\"b.bias\"", "\"e\": \"third.safetensors\", \"b.bias\"");
    refused(
        "a.weight: expected in diffusion_pytorch_model-00001-of-00002.safetensors, found in third");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(folder.resolve("diffusion_pytorch_model-00002-of-00002.safetensors"));
    assertThatThrownBy(this::open)
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("diffusion_pytorch_model-00002-of-00002.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"weight_map\": {}}", "{\"weight_map\": []}"})
  void anIndexOfNothingIsRefused(String text) throws IOException {
    Files.writeString(folder.resolve(INDEX), text);
    refused("no tensor is listed");
  }

  @Test
  void aFileThatIsNoTextIsRefused() throws IOException {
    edit("\"diffusion_pytorch_model-00001-of-00002.safetensors\"", "7");
    refused("member a.weight", "expected text");
  }
}
