package prior.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import prior.fault.UserFault;

/** Judged by files that Python's safetensors wrote and PyTorch rounded. */
class PrecisionTest {
  private static final Path FIXTURES = Path.of("src/test/resources/exchange");

  private static Path fixture(String name) {
    return FIXTURES.resolve("numbers_" + name + ".safetensors");
  }

  private static List<Tensor> tensors(String name) {
    try (TensorFiles files = TensorFiles.single(Location.of(fixture(name).toString()))) {
      return files.entries().stream().map(entry -> files.tensor(entry.name())).toList();
    }
  }

  private static byte[] written(List<Tensor> tensors, Precision precision) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, tensors, Map.of("format", "pt"), tensor -> precision);
    return out.toByteArray();
  }

  /** What lies behind the header, whose spelling is free. */
  private static byte[] data(byte[] file) {
    int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Arrays.copyOfRange(file, 8 + header, file.length);
  }

  @ParameterizedTest
  @CsvSource({"f32, FP32", "f16, FP16"})
  void theNumbersAreThoseThatPythonWrites(String file, Precision precision) throws IOException {
    byte[] python = Files.readAllBytes(fixture(file));
    assertThat(data(written(tensors("f32"), precision))).isEqualTo(data(python));
  }

  @ParameterizedTest
  @CsvSource({"f16", "bf16"})
  void narrowTypesAreReadAsPyTorchWidensThem(String type) {
    assertThat(tensors(type)).isEqualTo(tensors(type + "_as_f32"));
  }

  @Test
  void whatWouldBecomeAnInfinityIsRefusedByTensor() {
    Tensor large = new Tensor("net.large", new long[] {2}, new float[] {1, -65520});
    assertThatThrownBy(() -> written(List.of(large), Precision.FP16))
        .isInstanceOf(UserFault.class)
        .hasMessage(
            "Cannot write tensor net.large as F16: expected magnitudes of at most 65504, found"
                + " -65520.0");
  }

  @Test
  void aTensorIsKeptWhereEveryNumberComesBack() {
    Tensor exact = new Tensor("a", new long[] {3}, new float[] {0.5f, -0f, Float.NaN});
    Tensor rounded = new Tensor("a", new long[] {2}, new float[] {0.5f, 0.1f});
    assertThat(Precision.FP16.keeps(exact)).isTrue();
    assertThat(Precision.FP16.keeps(rounded)).isFalse();
    assertThat(Precision.FP32.keeps(rounded)).isTrue();
  }
}
