package prior.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final float[] MEAN = {1, 1};

  /** Three pairs in the plane whose cosines can be read off. */
  private final List<Evaluation.Row> rows =
      List.of(
          new Evaluation.Row("a", v(1, 0), v(0, 1), v(0, 2)),
          new Evaluation.Row("b", v(0, 1), v(1, 0), v(1, 1)),
          new Evaluation.Row("c", v(-1, 0), v(-1, 0), v(0, -3)));

  private static float[] v(float x, float y) {
    return new float[] {x, y};
  }

  @Test
  void theFiveCosinesAreTheMeansOverRows() {
    EvalReport report = Evaluation.of(rows, MEAN);
    double half = Math.sqrt(0.5);
    assertThat(report.means().get(Measure.COSINE_TEXT_IMAGE))
        .isCloseTo((0 + 0 + 1) / 3.0, within(1e-12));
    assertThat(report.means().get(Measure.COSINE_PREDICTED_TEXT))
        .isCloseTo((0 + half + 0) / 3, within(1e-12));
    assertThat(report.means().get(Measure.COSINE_PREDICTED_IMAGE))
        .isCloseTo((1 + half + 0) / 3, within(1e-12));
    assertThat(report.means().get(Measure.COSINE_DIFFERENCE))
        .isCloseTo(half / 3 - 1 / 3.0, within(1e-12));
    assertThat(report.means().get(Measure.COSINE_MEAN_IMAGE))
        .isCloseTo((half + half - half) / 3, within(1e-6));
  }

  @Test
  void theUnrelatedTextIsTheRowBefore() {
    double half = Math.sqrt(0.5);
    // a with c's text (-1,0), b with a's (1,0), c with b's (0,1)
    assertThat(Evaluation.of(rows, MEAN).means().get(Measure.COSINE_PREDICTED_UNRELATED_TEXT))
        .isCloseTo((0 + half - 1) / 3, within(1e-12));
  }

  @Test
  void aTieCountsAgainstUs() {
    List<Evaluation.Row> tied =
        List.of(
            new Evaluation.Row("a", v(1, 0), v(1, 0), v(1, 0)),
            new Evaluation.Row("b", v(1, 0), v(2, 0), v(1, 0)));
    EvalReport report = Evaluation.of(tied, MEAN);
    assertThat(report.means().get(Measure.RECALL_AT_1)).isZero();
    assertThat(report.means().get(Measure.RECALL_AT_5)).isEqualTo(1);
  }

  @Test
  void recallCountsOwnImagesAmongTheNearest() {
    // a: own image nearest. b: (1,1) ties (0,1) and (1,0). c: (0,-3) to (0,1) -1, (1,0) 0, (-1,0)
    // 0.
    assertThat(Evaluation.of(rows, MEAN).means().get(Measure.RECALL_AT_1))
        .isCloseTo(1 / 3.0, within(1e-12));
    assertThat(Evaluation.of(rows, MEAN).means().get(Measure.RECALL_AT_5)).isEqualTo(1);
  }

  @Test
  void theJsonHoldsWhatTheTableShows() throws IOException {
    EvalReport report = Evaluation.of(rows, MEAN);
    JsonNode json = new ObjectMapper().readTree(report.json().toString());
    assertThat(json.path("rows").asInt()).isEqualTo(3);
    assertThat(json.path("cosine_predicted_image").asDouble())
        .isEqualTo(report.means().get(Measure.COSINE_PREDICTED_IMAGE));
    assertThat(report.table()).contains("recall@10").contains("3 pairs");
  }

  @Test
  void theBestOfSeveralSamplesIsTheMostSimilarAndTheFirstAmongEquals() {
    float[] samples = {1, 0, 0, 1, 0, 1, /* second text */ 3, 3, 0, 1, 5, 5};
    float[] texts = {0, 9, 1, 1};
    assertThat(BestOfN.choose(samples, texts, 2, 3)).containsExactly(1, 0);
  }
}
