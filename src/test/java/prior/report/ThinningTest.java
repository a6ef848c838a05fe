package prior.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Curves of long runs, few of whose points are drawn. */
class ThinningTest {
  private static final List<ToDoubleFunction<JsonNode>> HIGH_AND_LOW =
      List.of(row -> row.path("loss").asDouble(), row -> -row.path("loss").asDouble());

  private static JsonNode row(int round, double loss) {
    return JsonNodeFactory.instance.objectNode().put("round", round).put("loss", loss);
  }

  private static List<JsonNode> thinned(List<JsonNode> rows, int most) {
    List<JsonNode> kept = new ArrayList<>();
    Thinning thinning = new Thinning(rows.size(), most, HIGH_AND_LOW, kept::add);
    rows.forEach(thinning::add);
    thinning.end();
    return kept;
  }

  private static List<JsonNode> noisy(int rounds) {
    Random random = new Random(5);
    return IntStream.range(0, rounds).mapToObj(i -> row(i, random.nextDouble())).toList();
  }

  @Test
  void fewRowsStayAsTheyAre() {
    List<JsonNode> rows = noisy(100);
    assertThat(thinned(rows, 100)).isEqualTo(rows);
    assertThat(thinned(List.of(), 100)).isEmpty();
  }

  @Test
  void ofManyAtMostSoManyStayInTheirOrderWithTheFirstAndTheLast() {
    for (int rounds : new int[] {101, 150, 1_000, 99_991}) {
      List<JsonNode> rows = noisy(rounds);
      List<JsonNode> kept = thinned(rows, 100);
      assertThat(kept).hasSizeBetween(50, 100);
      assertThat(kept).isSubsetOf(rows).doesNotHaveDuplicates();
      assertThat(kept)
          .isSortedAccordingTo((a, b) -> a.path("round").asInt() - b.path("round").asInt());
      assertThat(kept).startsWith(rows.get(0)).endsWith(rows.get(rounds - 1));
    }
  }

  @Test
  void oneRoundThatSpikesOrDipsAmongManyStays() {
    List<JsonNode> rows = new ArrayList<>(noisy(50_000));
    rows.set(31_415, row(31_415, 9));
    rows.set(27_182, row(27_182, -9));
    assertThat(thinned(rows, 100)).contains(rows.get(31_415), rows.get(27_182));
  }
}
