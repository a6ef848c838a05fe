package prior.infer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;
import prior.infer.TrainedPrior;
import prior.train.spark.SmallRuns;

@Tag("spark")
class PriorEvaluationTest {
  private static Path data;

  private final SparkSession spark = LocalSpark.session();

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
  }

  private String evaluate(TrainedPrior model, TrainedPrior other) {
    return PriorEvaluation.run(
        spark,
        new EvalRequest(
            model,
            other,
            null,
            data.resolve("train").toString(),
            temp.resolve("out").toString(),
            true));
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(temp.resolve("out").resolve(name).toFile());
  }

  @Test
  void eachMeasureHasAnIntervalAroundItsMeanAndDiversityIsMeasured() throws IOException {
    String table = evaluate(Inference.model(), null);
    JsonNode report = json("evaluation.json");
    assertThat(report.path("diversity").asDouble()).isBetween(0.01, 2.0);
    assertThat(report.path("intervals")).hasSize(10);
    report
        .path("intervals")
        .fields()
        .forEachRemaining(
            measure ->
                assertThat(report.path(measure.getKey()).asDouble())
                    .as(measure.getKey())
                    .isBetween(
                        measure.getValue().get(0).asDouble(),
                        measure.getValue().get(1).asDouble()));
    assertThat(table).contains("in brackets 95 % intervals", "diversity");
    assertThat(temp.resolve("out")).isDirectoryNotContaining("glob:**/{comparison,sweep}.json");
  }

  @Test
  void withoutASecondSampleThereIsNoDiversityAndTheRestIsTheSame() throws IOException {
    evaluate(Inference.model(), null);
    JsonNode with = json("evaluation.json");
    evaluate(Inference.model("eval.diversity_samples=1"), null);
    JsonNode without = json("evaluation.json");
    assertThat(without.path("diversity").isNull()).isTrue();
    assertThat(without.path("cosine_predicted_image"))
        .isEqualTo(with.path("cosine_predicted_image"));
  }

  @Test
  void anotherModelIsMeasuredOnTheSamePairs() throws IOException {
    TrainedPrior other = Inference.model("infer.steps=3");
    String tables = evaluate(Inference.model(), other);
    JsonNode comparison = json("comparison.json");
    evaluate(other, null);
    for (String measure : List.of("cosine_predicted_image", "recall_at_10", "diversity")) {
      assertThat(comparison.path("measures").path(measure).path("other"))
          .as(measure)
          .isEqualTo(json("evaluation.json").path(measure));
    }
    assertThat(comparison.path("measures").path("cosine_text_image").path("difference").asDouble())
        .isZero();
    assertThat(tables).contains("95 % interval over pairs", "not distinguishable from 0: ");
  }

  /** Drawn again from the noise's names, so the whole file is the same too. */
  @Test
  void aModelComparedWithItselfIsTheSameInEverythingAndAgainInTheNextJob() throws IOException {
    String tables = evaluate(Inference.model(), Inference.model());
    JsonNode first = json("comparison.json");
    assertThat(first.path("measures")).hasSize(10);
    assertThat(first.path("measures"))
        .allSatisfy(
            measure -> {
              assertThat(measure.path("difference").asDouble()).isZero();
              assertThat(measure.path("interval").get(0).asDouble()).isZero();
              assertThat(measure.path("interval").get(1).asDouble()).isZero();
              assertThat(measure.path("verdict").asText()).isEqualTo("the-same");
            });
    assertThat(tables).contains("A is better: nothing", "B is better: nothing");
    assertThat(evaluate(Inference.model(), Inference.model())).isEqualTo(tables);
    assertThat(json("comparison.json")).isEqualTo(first);
  }

  @Test
  void aSweepNamesTheStepsThatAreTakenWhereNoneAreSet() throws IOException {
    evaluate(
        Inference.model(
            "infer.steps=null", "prior.sample_timesteps=4", "eval.sweep.cond_scale=[2]"),
        null);
    JsonNode point = json("sweep.json").at("/points/0");
    assertThat(point.path("steps").asInt()).isEqualTo(4);
    JsonNode gain = point.at("/beside_infer/cosine_predicted_image");
    assertThat(gain.path("model")).isEqualTo(point.path("cosine_predicted_image"));
    assertThat(gain.path("other"))
        .isEqualTo(json("evaluation.json").path("cosine_predicted_image"));
  }

  @Test
  void modelsThatTakeOtherPairsAreNotCompared() {
    assertThatThrownBy(() -> evaluate(Inference.model(), Inference.model("eval.max_rows=20")))
        .hasMessageContaining("the models take different pairs")
        .hasMessageContaining("pair 21");
    assertThat(temp.resolve("out")).doesNotExist();
  }

  @Test
  void aSweepIsAPointForEachWayAndEachIsAnEvaluationOfItsOwn() throws IOException {
    String[] sets = {
      "eval.sweep.steps=[3, 5]",
      "eval.sweep.cond_scale=[1, 2.5]",
      "eval.sweep.samples_per_text=[1, 3]"
    };
    String tables = evaluate(Inference.model(sets), null);
    JsonNode points = json("sweep.json").path("points");
    assertThat(temp.resolve("out/evaluation.txt")).hasContent(tables);
    List<String> ways = new ArrayList<>();
    points.forEach(
        point ->
            ways.add(
                point.path("steps")
                    + " "
                    + point.path("cond_scale")
                    + " "
                    + point.path("samples_per_text")));
    assertThat(ways)
        .containsExactly(
            "3 1.0 1", "3 1.0 3", "3 2.5 1", "3 2.5 3", "5 1.0 1", "5 1.0 3", "5 2.5 1", "5 2.5 3");
    assertThat(points.get(4).path("beside_infer"))
        .as("5 steps, guidance 1 and one sample are what the small models have in infer")
        .hasSize(10)
        .allSatisfy(one -> assertThat(one.path("verdict").asText()).isEqualTo("the-same"));
    assertThat(points)
        .allSatisfy(p -> assertThat(p.path("rows_per_second").asDouble()).isPositive());
    evaluate(
        Inference.model("infer.steps=3", "infer.cond_scale=2.5", "infer.samples_per_text=3"), null);
    json("evaluation.json")
        .fields()
        .forEachRemaining(
            field ->
                assertThat(points.get(3).path(field.getKey()))
                    .as(field.getKey())
                    .isEqualTo(field.getValue()));
  }
}
