package prior.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sentence a report begins with. */
class VerdictTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static Totals losses(Double... losses) {
    Totals totals = new Totals(losses.length);
    for (Double loss : losses) {
      totals.add(MAPPER.createObjectNode().put("loss", loss));
    }
    return totals;
  }

  private static JsonNode validation(int round, double cosine, boolean best) throws IOException {
    String line =
        "{\"round\":%d,\"samples\":[%s,%s],\"best\":%b}"
            .formatted(
                round, SomeRun.sample("online", 64, 0.1), SomeRun.sample("ema", 32, cosine), best);
    return MAPPER.readTree(line);
  }

  @Test
  void aRunWithoutRoundsSaysSo() {
    assertThat(Verdict.of(losses(), List.of()).sentence()).isEqualTo("No round has ended yet.");
  }

  @Test
  void withoutValidationTheLossIsToldAndNothingMoreIsClaimed() {
    Verdict verdict = Verdict.of(losses(0.5, 0.25), List.of());
    assertThat(verdict.state()).isEqualTo(Verdict.State.UNKNOWN);
    assertThat(verdict.sentence()).contains("from 0.5000 to 0.2500 in 2 rounds", "data.val");
    assertThat(Verdict.of(losses(0.25, 0.5), List.of()).state()).isEqualTo(Verdict.State.NOT_YET);
  }

  @Test
  void aRunWhoseLossIsNoNumberDoesNotLearn() {
    assertThat(Verdict.of(losses(0.5, null), List.of()).state()).isEqualTo(Verdict.State.NOT_YET);
  }

  @Test
  void predictionsNearerThanTheMeanImageAreLearning() throws IOException {
    Verdict verdict =
        Verdict.of(
            losses(0.5, 0.2), List.of(validation(10, 0.8, true), validation(20, 0.7, false)));
    assertThat(verdict.state()).isEqualTo(Verdict.State.LEARNING);
    assertThat(verdict.best()).isEqualTo(10);
    assertThat(verdict.sentence())
        .startsWith("It learns: predictions of round 10, the best so far, have cosine 0.800")
        .contains("the mean image has 0.740")
        .endsWith("up to round 20 nothing was better.");
  }

  @Test
  void predictionsNoNearerThanTheMeanImageAreNot() throws IOException {
    Verdict verdict = Verdict.of(losses(0.5, 0.2), List.of(validation(10, 0.741, true)));
    assertThat(verdict.state()).isEqualTo(Verdict.State.NOT_YET);
    assertThat(verdict.sentence()).startsWith("It has not learned yet").contains("may still");
  }

  @Test
  void theLastOfThoseThatWereBestOnceCounts() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (int round = 1; round <= 5; round++) {
      all.add(validation(round, 0.7 + round / 50.0, true));
    }
    assertThat(Verdict.of(losses(0.5, 0.2), all).best()).isEqualTo(5);
  }
}
