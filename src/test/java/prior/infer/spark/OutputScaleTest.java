package prior.infer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.Location;
import prior.data.PairColumns;
import prior.data.spark.LocalSpark;
import prior.data.spark.PairPreparation;
import prior.data.spark.Preparation;
import prior.fault.UserFault;
import prior.infer.TrainedPrior;
import prior.train.spark.PriorTraining;
import prior.train.spark.RunFolder;
import prior.train.spark.SmallRuns;

/** From pairs of raw embeddings, by way of a training, to predictions of their length. */
@Tag("spark")
class OutputScaleTest {
  private static final double TOLERANCE = 1e-5;

  private final SparkSession spark = LocalSpark.session();

  @TempDir private Path temp;

  private Path rawPairs() {
    Path unit = SmallRuns.pairs(spark, temp.resolve("unit"), 100).resolve("train");
    Path raw = temp.resolve("raw");
    spark
        .read()
        .parquet(unit.toString())
        .selectExpr(
            "key",
            "text_embedding",
            "transform(image_embedding, x -> cast(x * (2 + length(key) % 2 * 2) as float))"
                + " as image_embedding")
        .write()
        .parquet(raw.toString());
    Path data = temp.resolve("data");
    PairPreparation.run(
        spark,
        new Preparation(
            raw.toString(),
            data.toString(),
            false,
            PairColumns.of("text_embedding", "image_embedding", Optional.of("key")),
            "synthetic",
            0.1,
            0.1,
            1,
            16,
            64,
            false,
            0));
    return data;
  }

  private Path train(Path data) {
    Path run = temp.resolve("run");
    PriorTraining.run(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        SmallRuns.settings(data, "train.max_steps=2"),
        run.toString(),
        RunFolder.Mode.ERRORIFEXISTS);
    return run;
  }

  private Map<String, List<Float>> predict(Path run, Path input, String scale) {
    TrainedPrior model =
        TrainedPrior.open(Location.of(run.toString()), List.of("infer.output_scale=" + scale));
    Path output = temp.resolve("out-" + scale);
    Inference.run(model, input, output, WriteMode.ERRORIFEXISTS);
    return Inference.predicted(output, "key");
  }

  private static double length(List<Float> vector) {
    return Math.sqrt(vector.stream().mapToDouble(x -> (double) x * x).sum());
  }

  private static void assertOnlyLonger(List<Float> found, List<Float> plain, double length) {
    assertThat(length(found)).isCloseTo(length, within(length * TOLERANCE));
    for (int i = 0; i < plain.size(); i++) {
      assertThat((double) found.get(i))
          .isCloseTo(plain.get(i) * length / length(plain), within(length * TOLERANCE));
    }
  }

  @Test
  void rawPredictionsHaveTheMeanLengthOfTheRawPairsTheModelWasTrainedOn() throws Exception {
    Path data = rawPairs();
    double mean =
        spark
            .read()
            .parquet(data.toString() + "/{train,val,test}")
            .selectExpr("avg(sqrt(aggregate(image_embedding, 0D, (s, x) -> s + x * x)))")
            .first()
            .getDouble(0);
    assertThat(mean).isGreaterThan(1.5);
    Path run = train(data);
    Map<String, List<Float>> plain = predict(run, data.resolve("train"), "as-trained");
    Map<String, List<Float>> unit = predict(run, data.resolve("train"), "unit");
    Map<String, List<Float>> raw = predict(run, data.resolve("train"), "raw-with-stats");
    assertThat(unit.keySet()).isEqualTo(plain.keySet());
    plain.forEach(
        (key, vector) -> {
          assertOnlyLonger(unit.get(key), vector, 1);
          assertOnlyLonger(raw.get(key), vector, mean);
        });
    assertThat(new TreeMap<>(facts(run))).containsEntry("normalised", "false");
    withoutStatisticsTheShardsTell(data, mean);
  }

  /** The mean of the first file, where the folder's statistics did not come along. */
  private void withoutStatisticsTheShardsTell(Path data, double mean) throws Exception {
    Files.delete(data.resolve("_stats.json"));
    Path again = temp.resolve("again");
    PriorTraining.run(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        SmallRuns.settings(data, "train.max_steps=2"),
        again.toString(),
        RunFolder.Mode.ERRORIFEXISTS);
    assertThat(Double.parseDouble(facts(again).get("mean_image_norm")))
        .isCloseTo(mean, within(0.5));
  }

  private static Map<String, String> facts(Path run) {
    return TrainedPrior.open(Location.of(run.toString()), List.of()).facts();
  }

  @Test
  void rawPredictionsAreRefusedWhereNothingTellsTheirLength() {
    Path texts = SmallRuns.pairs(spark, temp, 20).resolve("test");
    List<String> told = new ArrayList<>();
    for (Map<String, String> facts :
        List.of(
            Map.<String, String>of(),
            Map.of("normalised", "true", "mean_image_norm", "1.0", "clip", "synthetic"))) {
      TrainedPrior model = Inference.model(facts, "infer.output_scale=raw-with-stats");
      assertThatThrownBy(
              () -> Inference.run(model, texts, temp.resolve("out"), WriteMode.ERRORIFEXISTS))
          .isInstanceOfSatisfying(UserFault.class, fault -> told.add(fault.getMessage()))
          .hasMessageContaining("infer.output_scale = unit and as-trained need nothing");
    }
    assertThat(told.get(0)).contains("expected their mean length", "found no mean_image_norm");
    assertThat(told.get(1)).contains("that were not normalised", "found normalised = true");
    assertThat(temp.toFile().list()).noneMatch(name -> name.matches("out|_staging.*"));
  }
}
