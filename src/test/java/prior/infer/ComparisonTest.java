package prior.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.jackson.databind.JsonNode;
import prior.data.NamedRandom;

class ComparisonTest {
  private static final int PAIRS = 300;
  private static final int DIM = 8;
  private static final float[] MEAN = {1, 0, 0, 0, 0, 0, 0, 0};

  /**
   * Images with noise on them as predictions; the noise of a pair does not change with its size.
   */
  private static PairMeasures predictions(float noise) {
    List<Evaluation.Row> rows = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      float[] drawn = new float[3 * DIM];
      NamedRandom.of(5, "pair", i).fillGaussian(drawn, 0, drawn.length);
      float[] text = new float[DIM];
      float[] image = new float[DIM];
      float[] predicted = new float[DIM];
      for (int k = 0; k < DIM; k++) {
        text[k] = drawn[k];
        image[k] = drawn[k] + drawn[DIM + k];
        predicted[k] = image[k] + noise * drawn[2 * DIM + k];
      }
      rows.add(new Evaluation.Row("" + i, text, image, predicted));
    }
    return Evaluation.measure(rows, MEAN);
  }

  private static JsonNode compare(PairMeasures mine, PairMeasures theirs) {
    return new Comparison("a", mine, "b", theirs, new Bootstrap(0, 500)).json();
  }

  @Test
  void pairedIntervalsTellDifferencesThatIntervalsOfEachModelHide() {
    PairMeasures better = predictions(0.50f);
    PairMeasures worse = predictions(0.52f);
    Bootstrap bootstrap = new Bootstrap(0, 500);
    Interval mine = better.intervals(bootstrap).get(Measure.COSINE_PREDICTED_IMAGE);
    Interval theirs = worse.intervals(bootstrap).get(Measure.COSINE_PREDICTED_IMAGE);
    assertThat(theirs.high()).isGreaterThan(mine.low());
    JsonNode cosine = compare(better, worse).path("measures").path("cosine_predicted_image");
    assertThat(cosine.path("interval").get(0).asDouble()).isPositive();
    assertThat(cosine.path("difference").asDouble())
        .isCloseTo(
            cosine.path("model").asDouble() - cosine.path("other").asDouble(), within(1e-12));
    assertThat(new Comparison("a", better, "b", worse, bootstrap).table())
        .containsPattern("predicted, own image.*A is better")
        .containsPattern("text, own image.*the same")
        .containsPattern("A is better: cosine.predicted, own image")
        .contains("B is better: nothing");
  }

  /** A normal interval of the paired differences; the two agree for 300 pairs. */
  @Test
  void theIntervalIsAboutTwoStandardErrorsOfThePairedDifferences() {
    PairMeasures mine = predictions(0.5f);
    PairMeasures theirs = predictions(0.8f);
    JsonNode cosine = compare(mine, theirs).path("measures").path("cosine_predicted_image");
    double mean = cosine.path("difference").asDouble();
    double square = 0;
    for (double difference : mine.minus(theirs).of(Measure.COSINE_PREDICTED_IMAGE)) {
      square += (difference - mean) * (difference - mean);
    }
    double error = Math.sqrt(square / (PAIRS - 1) / PAIRS);
    assertThat(cosine.path("interval").get(0).asDouble())
        .isCloseTo(mean - 1.96 * error, within(0.4 * error));
    assertThat(cosine.path("interval").get(1).asDouble())
        .isCloseTo(mean + 1.96 * error, within(0.4 * error));
  }

  @Test
  void aModelDoesNotDifferFromItself() {
    JsonNode measures = compare(predictions(0.5f), predictions(0.5f)).path("measures");
    assertThat(measures).hasSize(9);
    measures.forEach(
        measure -> {
          assertThat(measure.path("difference").asDouble()).isZero();
          assertThat(measure.path("interval").get(0).asDouble()).isZero();
          assertThat(measure.path("interval").get(1).asDouble()).isZero();
          assertThat(measure.path("verdict").asText()).isEqualTo("the-same");
        });
  }

  @Test
  void aVerdictFollowsTheWholeIntervalAndWhatIsBetterOfAMeasure() {
    Interval above = new Interval(0.1, 0.2);
    Interval below = new Interval(-0.2, -0.1);
    assertThat(Verdict.of(Measure.RECALL_AT_1, above)).isEqualTo(Verdict.A_IS_BETTER);
    assertThat(Verdict.of(Measure.RECALL_AT_1, below)).isEqualTo(Verdict.B_IS_BETTER);
    assertThat(Verdict.of(Measure.COSINE_PREDICTED_UNRELATED_TEXT, above))
        .isEqualTo(Verdict.B_IS_BETTER);
    assertThat(Verdict.of(Measure.COSINE_PREDICTED_UNRELATED_TEXT, below))
        .isEqualTo(Verdict.A_IS_BETTER);
    assertThat(Verdict.of(Measure.DIVERSITY, above)).isEqualTo(Verdict.A_IS_HIGHER);
    assertThat(Verdict.of(Measure.DIVERSITY, below)).isEqualTo(Verdict.B_IS_HIGHER);
    for (Interval around : List.of(new Interval(-0.1, 0.1), new Interval(0, 0.1))) {
      assertThat(Verdict.of(Measure.RECALL_AT_1, around)).isEqualTo(Verdict.NOT_DISTINGUISHABLE);
    }
  }

  @Test
  void whatNeedsTextsIsLeftOutWhereTheyHaveAnotherWidth() {
    List<Evaluation.Row> rows =
        List.of(
            new Evaluation.Row("a", new float[3], new float[] {1, 0}, new float[] {1, 1}),
            new Evaluation.Row("b", new float[3], new float[] {0, 1}, new float[] {1, 2}));
    PairMeasures measures = Evaluation.measure(rows, new float[] {1, 1});
    String table = new Comparison("a", measures, "b", measures, new Bootstrap(0, 100)).table();
    assertThat(table.toLowerCase(Locale.ROOT)).contains("recall@5").doesNotContain("text", "nan");
  }

  @Test
  void diversityIsOneLessTheMeanCosineBetweenSamples() {
    float[][] samples = {{1, 0}, {0, 2}, {3, 0}};
    Evaluation.Row row = Evaluation.Row.of("a", new float[] {0, 1}, new float[] {1, 1}, samples, 2);
    assertThat(row.apart()).isCloseTo((1 + 0 + 1) / 3.0, within(1e-12));
    assertThat(row.predicted()).containsExactly(0, 2);
    assertThat(Evaluation.Row.of("a", new float[2], new float[2], samples, 1).predicted())
        .containsExactly(1, 0);
  }
}
