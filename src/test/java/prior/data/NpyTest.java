package prior.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import prior.fault.UserFault;

class NpyTest {
  private static final Path FIXTURES = Path.of("src/test/resources/data/npy");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"f2_v1, FP16", "f4_v2, FP32", "f8_v3, FP64"})
  void filesOfNumpyAreReadInEveryVersionAndFloatType(String name, FloatFormat format)
      throws IOException {
    try (NpyReader reader = fixture(name)) {
      assertThat(reader.rows()).isEqualTo(5);
      assertThat(reader.width()).isEqualTo(4);
      assertThat(reader.format()).isEqualTo(format);
      assertThat(read(reader, 5)).containsExactly(numbers(0, 20));
    }
  }

  @Test
  void slicesAndJumpsGiveTheSameRows() throws IOException {
    try (NpyReader reader = fixture("f2_v1")) {
      assertThat(read(reader, 2)).containsExactly(numbers(0, 8));
      assertThat(read(reader, 1)).containsExactly(numbers(8, 12));
      reader.seekRow(4);
      float[] rest = new float[40];
      assertThat(reader.readRows(rest, 10)).isEqualTo(1);
      assertThat(Arrays.copyOf(rest, 4)).containsExactly(numbers(16, 20));
      assertThat(reader.readRows(rest, 10)).isZero();
      assertThatThrownBy(() -> reader.seekRow(6)).hasMessageContaining("0 to 5, found 6");
    }
  }

  @Test
  void aFileWithoutRowsIsAFile() throws IOException {
    try (NpyReader reader = fixture("empty")) {
      assertThat(reader.rows()).isZero();
      assertThat(reader.readRows(new float[4], 1)).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fortran, 'expected C order (fortran_order False), found fortran_order True'",
    "big_endian, 'expected one of <f2, <f4, <f8, found >f4'",
    "int, 'expected one of <f2, <f4, <f8, found <i4'",
    "structured, 'found a structured type'",
    "one_dim, 'expected (rows, width), found (20,)'",
    "three_dim, 'expected (rows, width), found (2, 2, 4)'"
  })
  void whatIsNotSupportedIsNamed(String name, String message) {
    assertThatThrownBy(() -> fixture(name))
        .isInstanceOf(UserFault.class)
        .hasMessageStartingWith("Cannot read " + FIXTURES.resolve(name + ".npy"))
        .hasMessageContaining(message);
  }

  @Test
  void everyTruncationAndEveryExtraByteIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(FIXTURES.resolve("f2_v1.npy"));
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length));
    }
    assertRefused(Arrays.copyOf(whole, whole.length + 1));
    Path file = Files.write(folder.resolve("short.npy"), Arrays.copyOf(whole, whole.length - 3));
    assertThatThrownBy(() -> NpyReader.open(ByteSource.of(file)))
        .hasMessageContaining(
            "bytes missing at the end, expected 168 bytes for 5 x 4 <f2, found 165 bytes");
  }

  @Test
  void aHeaderThatLiesAboutItsSizeAllocatesNothing() throws IOException {
    byte[] bytes = Files.readAllBytes(FIXTURES.resolve("f4_v2.npy"));
    bytes[11] = 0x7F;
    Path file = Files.write(folder.resolve("long.npy"), bytes);
    assertThatThrownBy(() -> NpyReader.open(ByteSource.of(file)))
        .hasMessageContaining(
            "header too long, expected at most 65536 bytes, found 2130706548 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "'(99999999999999999999, 4)', shape out of range",
    "'(5, 0)', shape out of range",
    "'(5, 2000000)', shape out of range",
    "'(500000000000, 4)', bytes missing at the end",
    "'(-5, 4)', damaged header",
    "'()', wrong shape"
  })
  void shapesThatCannotBeAreRefused(String shape, String message) throws IOException {
    String text = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}\n";
    Path file = folder.resolve("shape.npy");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(NpyHeader.MAGIC);
      out.write(new byte[] {1, 0, (byte) text.length(), 0});
      out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    assertThatThrownBy(() -> NpyReader.open(ByteSource.of(file)))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadBack(FloatFormat format) throws IOException {
    int rows = 700_000 / format.bytes() / 7;
    float[] values = numbers(0, rows * 7);
    Path file = folder.resolve("out.npy");
    try (NpyWriter writer = new NpyWriter(Files.newOutputStream(file), format, rows, 7)) {
      writer.writeRows(values, rows);
    }
    try (NpyReader reader = NpyReader.open(ByteSource.of(file))) {
      float[] expected = values.clone();
      for (int i = 0; format == FloatFormat.FP16 && i < expected.length; i++) {
        expected[i] = HalfFloat.toFloat(HalfFloat.fromFloat(values[i]));
      }
      assertThat(Arrays.equals(read(reader, rows), expected)).isTrue();
    }
  }

  @Test
  void theWriterGivesNumpysOwnBytes() throws IOException {
    Path file = folder.resolve("same.npy");
    try (NpyWriter writer = new NpyWriter(Files.newOutputStream(file), FloatFormat.FP16, 5, 4)) {
      writer.writeRows(numbers(0, 20), 5);
    }
    assertThat(file).hasSameBinaryContentAs(FIXTURES.resolve("f2_v1.npy"));
  }

  @Test
  void anUnfinishedFileIsNotTakenForAWholeOne() throws IOException {
    NpyWriter writer = new NpyWriter(OutputStream.nullOutputStream(), FloatFormat.FP32, 3, 2);
    writer.writeRows(new float[4], 2);
    assertThatThrownBy(writer::close).hasMessageContaining("expected 3, found 2");
  }

  private void assertRefused(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("broken.npy"), bytes);
    assertThatThrownBy(() -> NpyReader.open(ByteSource.of(file)))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("broken.npy")
        .hasMessageContaining("expected")
        .hasMessageContaining("found");
  }

  private static NpyReader fixture(String name) throws IOException {
    return NpyReader.open(ByteSource.of(FIXTURES.resolve(name + ".npy")));
  }

  private static float[] read(NpyReader reader, int rows) {
    float[] values = new float[rows * reader.width()];
    assertThat(reader.readRows(values, rows)).isEqualTo(rows);
    return values;
  }

  private static float[] numbers(int from, int to) {
    float[] values = new float[to - from];
    for (int i = 0; i < values.length; i++) {
      values[i] = (from + i) / 8f - 1;
    }
    return values;
  }
}
