package prior.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBarTest {
  private static Progress rounds(long done) {
    return new Progress("round", done, 400, 3720, "loss=0.12345");
  }

  @Test
  void aQuarterOfTheRoundsIsAQuarterOfTheBar() {
    assertThat(rounds(100).line(65))
        .isEqualTo("round 100/400 [=====>               ]  25% loss=0.12345 eta=1h02m");
  }

  @Test
  void theBarIsFullWhenAllIsDoneAndNotBefore() {
    assertThat(rounds(400).line(80)).doesNotContain(">").contains("=] 100% ");
    assertThat(rounds(399).line(80)).contains(">]  99% ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 45, 60, 80, 200})
  void aLineIsExactlyAsWideAsAsked(int columns) {
    for (long done = 0; done <= 400; done += 50) {
      assertThat(rounds(done).line(columns)).hasSize(columns);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0m00s", "59.6, 1m00s", "3599, 59m59s", "3600, 1h00m", "90061, 25h01m"})
  void durationsAreShort(double seconds, String text) {
    assertThat(Progress.duration(seconds)).isEqualTo(text);
  }

  @Test
  void drawingGoesOverTheLineAndErasingLeavesItEmptyWithTheCursorAtItsStart() {
    StringWriter terminal = new StringWriter();
    ProgressBar bar = new ProgressBar(new PrintWriter(terminal), 60);
    bar.draw(rounds(1));
    bar.erase();
    assertThat(terminal.toString().split("\r"))
        .containsExactly("", rounds(1).line(59), "", " ".repeat(59));
    assertThat(terminal.toString()).endsWith("\r").doesNotContain("\n");
  }

  @Test
  void withoutATerminalNothingHappens() {
    ProgressBar bar = new ProgressBar(null, 80);
    bar.draw(rounds(1));
    bar.erase();
  }
}
