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
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import prior.fault.UserFault;

class SafetensorsTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");

  @TempDir Path folder;

  static List<Path> filesOfPyTorch() throws IOException {
    try (Stream<Path> files = Files.walk(REFERENCE, 2)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("filesOfPyTorch")
  void everyTensorOfAFileOfPyTorchIsRead(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try (SafetensorsReader reader = open(file)) {
      assertThat(reader.entries()).isNotEmpty();
      for (TensorEntry entry : reader.entries()) {
        assertThat(numbers(reader, entry)).isEqualTo(numbers(bytes, entry));
      }
    }
  }

  @Test
  void namesShapesAndTypesAreThoseOfTheFile() {
    try (SafetensorsReader reader = open(REFERENCE.resolve("d2_01_baseline/io.safetensors"))) {
      TensorEntry times = reader.entry("in.times");
      assertThat(times.type()).isEqualTo(TensorType.I64);
      assertThat(times.shape()).hasSize(1);
      assertThat(reader.longs("in.times")).hasSize(times.count());
    }
  }

  @Test
  void everyTypeIsReadAsItsNumbers() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.1).putFloat(-2.5f).putShort((short) 0x3C00).putShort((short) 0xC0A0);
    data.putLong(Long.MIN_VALUE).putInt(-7).putShort((short) -8).put((byte) -9);
    data.put((byte) 200).put((byte) 1);
    byte[] bytes = Arrays.copyOf(data.array(), data.position());
    String header = oneOfEach("F64 F32 F16 BF16 I64 I32 I16 I8 U8 BOOL".split(" "));
    Path file = folder.resolve("types.safetensors");
    Bytes.safetensors(
        file, header.length(), header.getBytes(java.nio.charset.StandardCharsets.UTF_8), bytes);
    try (SafetensorsReader reader = open(file)) {
      assertThat(List.of("F64", "F32", "F16", "BF16"))
          .extracting(name -> reader.floats(name)[0])
          .containsExactly(0.1f, -2.5f, 1f, -5f);
      assertThat(List.of("I64", "I32", "I16", "I8", "U8", "BOOL"))
          .extracting(name -> reader.longs(name)[0])
          .containsExactly(Long.MIN_VALUE, -7L, -8L, -9L, 200L, 1L);
    }
  }

  @Test
  void whatIsWrittenIsReadBackToTheBit() throws IOException {
    List<Tensor> tensors = tensors();
    Map<String, String> metadata = Map.of("format", "pt", "clip", "ViT-L/14 \"é\"");
    try (SafetensorsReader reader = open(written(tensors, metadata))) {
      assertThat(reader.tensors()).isEqualTo(tensors);
      assertThat(reader.metadata()).isEqualTo(metadata);
      assertThat(Float.floatToRawIntBits(reader.floats("odd")[0])).isEqualTo(0x7FC12345);
    }
  }

  @Test
  void numbersStartAtAMultipleOfTheirSize() throws IOException {
    byte[] bytes = Files.readAllBytes(written(tensors(), Map.of()));
    assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
  }

  @Test
  void twoTensorsOfOneNameAreNotWritten() {
    Tensor tensor = new Tensor("a", new long[] {1}, new float[1]);
    assertThatThrownBy(() -> bytes(List.of(tensor, tensor), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found a again");
  }

  @Test
  void aMissingTensorAndAnotherKindOfNumberAreNamed() throws IOException {
    try (SafetensorsReader reader = open(written(tensors(), Map.of()))) {
      assertThatThrownBy(() -> reader.floats("net.w"))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("written.safetensors: a tensor is missing, expected net.w");
      assertThatThrownBy(() -> reader.longs("odd"))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("written.safetensors, tensor odd")
          .hasMessageContaining("found F32");
    }
  }

  @Test
  void aMissingFileIsAFaultOfTheStorage() {
    assertThatThrownBy(() -> open(folder.resolve("nowhere.safetensors")))
        .isInstanceOf(UserFault.class)
        .hasMessageStartingWith("Cannot open")
        .hasMessageContaining("nowhere.safetensors");
  }

  private static List<Tensor> tensors() {
    float[] many = new float[300_007];
    Random random = new Random(7);
    for (int i = 0; i < many.length; i++) {
      many[i] = random.nextFloat() - 0.5f;
    }
    float[] odd = {Float.intBitsToFloat(0x7FC12345), -0f, Float.NEGATIVE_INFINITY, 1e-45f};
    return List.of(
        new Tensor("z.first", new long[] {1, 300_007}, many),
        new Tensor("odd", new long[] {2, 2}, odd),
        new Tensor("scalar", new long[0], new float[] {3}),
        new Tensor("empty", new long[] {0, 5}, new float[0]));
  }

  private static byte[] bytes(List<Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, tensors, metadata);
    return out.toByteArray();
  }

  private Path written(List<Tensor> tensors, Map<String, String> metadata) throws IOException {
    return Files.write(folder.resolve("written.safetensors"), bytes(tensors, metadata));
  }

  private static SafetensorsReader open(Path file) {
    return SafetensorsReader.open(Bytes.at(Bytes.local(), file.toAbsolutePath()));
  }

  private static String oneOfEach(String... types) {
    StringBuilder header = new StringBuilder("{");
    int begin = 0;
    for (String type : types) {
      int end = begin + TensorType.valueOf(type).bytes();
      header.append(begin == 0 ? "" : ",").append('"').append(type).append("\":{\"dtype\":\"");
      header.append(type).append("\",\"shape\":[1],\"data_offsets\":[");
      header.append(begin).append(',').append(end).append("]}");
      begin = end;
    }
    return header.append('}').toString();
  }

  private static double[] numbers(SafetensorsReader reader, TensorEntry entry) {
    if (!entry.type().real()) {
      return Arrays.stream(reader.longs(entry.name())).asDoubleStream().toArray();
    }
    float[] floats = reader.floats(entry.name());
    return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
  }

  /** A second, plainer reading. */
  private static double[] numbers(byte[] file, TensorEntry entry) {
    ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int start = 8 + (int) data.getLong(0) + (int) entry.begin();
    double[] numbers = new double[entry.count()];
    for (int i = 0; i < numbers.length; i++) {
      int at = start + i * entry.type().bytes();
      numbers[i] =
          switch (entry.type()) {
            case F32 -> data.getFloat(at);
            case I64 -> data.getLong(at);
            case U8 -> data.get(at);
            case F64, F16, BF16, I32, I16, I8, BOOL -> throw new AssertionError(entry);
          };
    }
    return numbers;
  }
}
