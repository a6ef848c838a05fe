package prior.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

class SafetensorsHeaderTest {
  private static final int DATA_BYTES = 16;

  @TempDir Path folder;

  static Stream<Arguments> hostileHeaders() {
    return Stream.of(
        Arguments.of("not JSON", "weights", "cannot be parsed"),
        Arguments.of("not UTF-16 either", "\u0000{\u0000}", "cannot be parsed"),
        Arguments.of("no object", "[]", "another form"),
        Arguments.of("cut off", "{\"a\":{\"dtype\":\"F32\"", "cannot be parsed"),
        Arguments.of("more behind the object", whole() + "{}", "another form"),
        Arguments.of("a name twice", header(f32("a", 0, 8), f32("a", 8, 16)), "occurs twice"),
        Arguments.of("overlap", header(f32("a", 0, 8), f32("b", 4, 12)), "overlaps"),
        Arguments.of("the same bytes twice", header(f32("a", 0, 16), f32("b", 0, 16)), "overlaps"),
        Arguments.of("hole", header(f32("a", 0, 4), f32("b", 8, 16)), "a hole before it"),
        Arguments.of("hole at the start", header(f32("a", 4, 16)), "a hole before it"),
        Arguments.of("trailing bytes", header(f32("a", 0, 8)), "behind the last tensor"),
        Arguments.of("no tensor for the bytes", "{}", "behind the last tensor"),
        Arguments.of("beyond the file", header(f32("a", 0, 20)), "outside the file"),
        Arguments.of("negative offset", header(f32("a", -4, 16)), "outside the file"),
        Arguments.of("end before begin", header(f32("a", 8, 4)), "outside the file"),
        Arguments.of("too small", entry("F32", "5", "0,16"), "do not fit its shape"),
        Arguments.of("too large", entry("F64", "1", "0,16"), "do not fit its shape"),
        Arguments.of("negative length", entry("F32", "-4", "0,16"), "negative length"),
        Arguments.of("two negative lengths", entry("F32", "-2,-2", "0,16"), "negative length"),
        Arguments.of("overflow to 4", entry("F32", "4294967297,4", "0,16"), "too many values"),
        Arguments.of("overflow to 0", entry("F32", "4294967296,4294967296", "0,0"), "too many"),
        Arguments.of("high bit", entry("U8", "2,4611686018427387904", "0,16"), "too many values"),
        Arguments.of("2^31 values", entry("U8", "2147483648", "0,16"), "too many values"),
        Arguments.of("offset past 2^63", entry("F32", "4", "0,9223372036854775824"), "parsed"),
        Arguments.of("fraction in a shape", entry("F32", "4.0", "0,16"), "another form"),
        Arguments.of("text in a shape", entry("F32", "\"4\"", "0,16"), "another form"),
        Arguments.of("one offset", entry("F32", "4", "16"), "not whole"),
        Arguments.of("three offsets", entry("F32", "4", "0,16,16"), "not whole"),
        Arguments.of("no type", "{\"a\":{\"shape\":[4],\"data_offsets\":[0,16]}}", "not whole"),
        Arguments.of("unknown type", entry("C128", "1", "0,16"), "unknown type"),
        Arguments.of("unknown key", whole().replace("shape", "sharp"), "unknown key"),
        Arguments.of("entry of null", "{\"a\":null}", "another form"),
        Arguments.of("deep", "{\"a\":" + "[".repeat(5000), "another form"),
        Arguments.of("metadata no text", "{\"__metadata__\":{\"a\":1}}", "another form"),
        Arguments.of("metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}}", "twice"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileHeaders")
  void aHostileHeaderIsRefusedByName(String what, String header, String reason) throws IOException {
    refused(Bytes.safetensors(folder.resolve("bad.safetensors"), header, DATA_BYTES), reason);
  }

  @Test
  void invalidUtf8IsRefused() throws IOException {
    byte[] header = whole().getBytes(StandardCharsets.UTF_8);
    header[2] = (byte) 0xFF;
    Path file = folder.resolve("bad.safetensors");
    refused(Bytes.safetensors(file, header.length, header, new byte[16]), "cannot be parsed");
  }

  @Test
  void aHeaderLongerThanTheFileIsRefused() throws IOException {
    Path file = folder.resolve("bad.safetensors");
    for (long length : new long[] {3, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      refused(Bytes.safetensors(file, length, new byte[2], new byte[0]), "length is impossible");
    }
  }

  @Test
  void aHeaderLongerThanTheBoundIsRefusedBeforeItIsRead() throws IOException {
    Path file = folder.resolve("bad.safetensors");
    byte[] data = new byte[100_000_100];
    refused(Bytes.safetensors(file, 100_000_001, new byte[0], data), "at most 100000000 bytes");
  }

  @Test
  void aFileOfLessThanEightBytesIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("bad.safetensors"), new byte[7]);
    refused(file, "too short");
    refused(Files.write(file, new byte[0]), "too short");
  }

  @Test
  void aLongNameDoesNotFloodTheMessage() throws IOException {
    String header = header(f32("n\\n".repeat(100_000), 0, 8));
    Path file = Bytes.safetensors(folder.resolve("bad.safetensors"), header, 4);
    assertThatThrownBy(() -> SafetensorsReader.open(Bytes.at(Bytes.local(), file)))
        .hasMessageNotContaining("\n")
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(1000));
  }

  @Test
  void theHeaderThatTheHostileOnesAreMadeOfIsTaken() throws IOException {
    Path file = Bytes.safetensors(folder.resolve("good.safetensors"), whole() + "  ", DATA_BYTES);
    try (SafetensorsReader reader = SafetensorsReader.open(Bytes.at(Bytes.local(), file))) {
      assertThat(reader.tensors()).containsExactly(new Tensor("a", new long[] {4}, new float[4]));
    }
  }

  private static void refused(Path file, String reason) {
    assertThatThrownBy(() -> SafetensorsReader.open(Bytes.at(Bytes.local(), file)))
        .isInstanceOf(UserFault.class)
        .hasMessageStartingWith("Cannot read file:")
        .hasMessageContaining("bad.safetensors")
        .hasMessageContaining(reason)
        .hasMessageContaining("expected ")
        .hasMessageContaining("found ")
        .extracting(e -> ((UserFault) e).status())
        .isEqualTo(ExitStatus.DATA);
  }

  private static String whole() {
    return entry("F32", "4", "0,16");
  }

  private static String entry(String type, String shape, String offsets) {
    return header(member("a", type, shape, offsets));
  }

  private static String f32(String name, int begin, int end) {
    return member(name, "F32", String.valueOf((end - begin) / 4), begin + "," + end);
  }

  private static String member(String name, String type, String shape, String offsets) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%s]}"
        .formatted(name, type, shape, offsets);
  }

  private static String header(String... members) {
    return "{" + String.join(",", members) + "}";
  }
}
