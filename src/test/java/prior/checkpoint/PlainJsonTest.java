package prior.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import prior.fault.UserFault;

class PlainJsonTest {
  static Stream<Arguments> hostileTexts() {
    return Stream.of(
        Arguments.of("deep arrays", "{\"a\":" + "[".repeat(5_000_000), "nested too deeply"),
        Arguments.of("deep objects", "{\"a\":".repeat(100_000), "nested too deeply"),
        Arguments.of(
            "a long number", "{\"a\":" + "9".repeat(5_000_000) + "}", "number is too long"),
        Arguments.of("a name twice", "{\"a\":1,\"a\":2}", "cannot be parsed"),
        Arguments.of("more behind", "{} {}", "cannot be parsed"),
        Arguments.of("no object", "[1]", "another form"),
        Arguments.of("cut off", "{\"a\":", "cannot be parsed"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileTexts")
  void aHostileTextIsRefused(String what, String text, String reason) {
    assertThatThrownBy(() -> PlainJson.parse("config.json", text))
        .isInstanceOf(UserFault.class)
        .hasMessageStartingWith("Cannot read config.json: ")
        .hasMessageContaining(reason);
  }

  @Test
  void whatIsPutIsReadBack() {
    String text =
        new String(PlainJson.bytes(PlainJson.object(Map.of("a", Map.of("b", 0.1)))), UTF_8);
    assertThat(PlainJson.parse("text", text).path("a").path("b").doubleValue()).isEqualTo(0.1);
  }
}
