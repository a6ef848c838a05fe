package prior.infer.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.conf.Settings;
import prior.data.spark.LocalSpark;
import prior.fault.UserFault;
import prior.infer.TrainedPrior;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;
import prior.train.InitialWeights;
import prior.train.spark.SmallRuns;

@Tag("spark")
class PriorInferenceTest {
  private static Path data;

  private final SparkSession spark = LocalSpark.session();

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
  }

  private static TrainedPrior model(String... sets) {
    Settings settings = SmallRuns.settings(data, sets).settings();
    ParameterLayout layout = ParameterLayout.of(NetworkShape.of(settings.prior()));
    return new TrainedPrior(settings, InitialWeights.of(layout, 1), "model/ema", "hash", Map.of());
  }

  private Map<String, List<Float>> predicted(Path output) {
    Map<String, List<Float>> byKey = new TreeMap<>();
    for (Row row : spark.read().parquet(output.toString()).collectAsList()) {
      byKey.put(row.getAs("key"), row.getList(row.fieldIndex("predicted_image_embedding")));
    }
    return byKey;
  }

  @Test
  void everyRowKeepsItsColumnsAndGetsAPrediction() throws IOException {
    Path output = temp.resolve("predicted");
    String input = data.resolve("train").toString();
    PriorInference.run(
        spark, model(), new InferRequest(input, output.toString(), null, WriteMode.ERRORIFEXISTS));
    Dataset<Row> before = spark.read().parquet(input);
    Dataset<Row> after = spark.read().parquet(output.toString());
    assertThat(after.columns())
        .startsWith(before.columns())
        .endsWith("predicted_image_embedding")
        .hasSize(before.columns().length + 1);
    assertThat(after.drop("predicted_image_embedding").exceptAll(before).count()).isZero();
    assertThat(after.count()).isEqualTo(before.count());
    JsonNode manifest = new ObjectMapper().readTree(output.resolve("_manifest.json").toFile());
    assertThat(manifest.path("rows").asLong()).isEqualTo(before.count());
    assertThat(manifest.path("model").asText()).isEqualTo("model/ema");
    assertThat(output.resolve("_SUCCESS")).exists();
    assertThat(predicted(output).values()).allSatisfy(vector -> assertThat(vector).hasSize(16));
  }

  @Test
  void predictionsDoNotDependOnHowRowsArePartitioned() {
    Path one = temp.resolve("one");
    Path other = temp.resolve("other");
    String input = data.resolve("train").toString();
    String mixed = temp.resolve("mixed").toString();
    spark.read().parquet(input).repartition(5).write().parquet(mixed);
    PriorInference.run(
        spark, model(), new InferRequest(input, one.toString(), null, WriteMode.ERRORIFEXISTS));
    PriorInference.run(
        spark, model(), new InferRequest(mixed, other.toString(), null, WriteMode.ERRORIFEXISTS));
    Map<String, List<Float>> expected = predicted(one);
    predicted(other).forEach((key, found) -> assertClose(found, expected.get(key)));
    assertThat(predicted(other)).hasSameSizeAs(expected);
  }

  /** A row's place in a pass decides how a matrix product rounds its last bit, no more. */
  private static void assertClose(List<Float> found, List<Float> expected) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-6f));
    }
  }

  @Test
  void anExistingOutputIsRefusedAndLeftAsItWas() throws IOException {
    Path output = Files.createDirectories(temp.resolve("taken"));
    Files.writeString(output.resolve("thesis.txt"), "irreplaceable");
    assertThatThrownBy(
            () ->
                PriorInference.run(
                    spark,
                    model(),
                    new InferRequest(
                        data.resolve("test").toString(),
                        output.toString(),
                        null,
                        WriteMode.ERRORIFEXISTS)))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("it exists, expected a new folder or mode overwrite");
    assertThat(output.resolve("thesis.txt")).hasContent("irreplaceable");
  }

  private static final String[] WITH_TEXT_TOKENS = {
    "prior.family=unclip",
    "prior.unclip.num_attention_heads=2",
    "prior.unclip.attention_head_dim=8",
    "prior.unclip.num_layers=2",
    "prior.unclip.embedding_dim=16",
    "prior.unclip.num_embeddings=3"
  };

  @Test
  void textTokensAreFoundUnderTheirUsualNameAndReadBothWithGuidanceAndWithout() {
    String input = temp.resolve("tokens").toString();
    spark
        .read()
        .parquet(data.resolve("train").toString())
        .withColumn("text_encodings", array(col("text_embedding"), col("image_embedding")))
        .write()
        .parquet(input);
    Path plain = temp.resolve("plain");
    Path guided = temp.resolve("guided");
    PriorInference.run(
        spark,
        model(WITH_TEXT_TOKENS),
        new InferRequest(input, plain.toString(), null, WriteMode.ERRORIFEXISTS));
    String[] sets = Arrays.copyOf(WITH_TEXT_TOKENS, WITH_TEXT_TOKENS.length + 1);
    sets[WITH_TEXT_TOKENS.length] = "infer.cond_scale=3";
    PriorInference.run(
        spark,
        model(sets),
        new InferRequest(input, guided.toString(), null, WriteMode.ERRORIFEXISTS));
    assertThat(predicted(plain)).hasSize(predicted(guided).size()).isNotEqualTo(predicted(guided));
    assertThat(predicted(plain).values())
        .allSatisfy(vector -> assertThat(vector).hasSize(16).doesNotContain(Float.NaN));
  }

  @Test
  void missingTextTokensAreNamedByColumn() {
    assertThatThrownBy(
            () ->
                PriorInference.run(
                    spark,
                    model(WITH_TEXT_TOKENS),
                    new InferRequest(
                        data.resolve("train").toString(),
                        temp.resolve("none").toString(),
                        null,
                        WriteMode.ERRORIFEXISTS)))
        .hasMessageContaining("data.columns.text_encodings: expected text_encodings");
  }

  @Test
  void aMissingColumnIsNamedWithThoseThatAreThere() {
    assertThatThrownBy(
            () ->
                PriorInference.run(
                    spark,
                    model("data.columns.text_embedding=txt"),
                    new InferRequest(
                        data.resolve("test").toString(),
                        temp.resolve("x").toString(),
                        null,
                        WriteMode.ERRORIFEXISTS)))
        .hasMessageContaining("expected one column txt, found (key, text_embedding");
    assertThat(temp.resolve("x")).doesNotExist();
  }

  @Test
  void aVectorThatIsNotFiniteIsNamedByFileAndKeyAndNothingIsLeft() {
    String bad = temp.resolve("bad").toString();
    spark
        .read()
        .parquet(data.resolve("test").toString())
        .withColumn(
            "text_embedding",
            org.apache.spark.sql.functions.expr(
                "transform(text_embedding, x -> cast('NaN' as float))"))
        .write()
        .parquet(bad);
    assertThatThrownBy(
            () ->
                PriorInference.run(
                    spark,
                    model(),
                    new InferRequest(
                        bad, temp.resolve("y").toString(), null, WriteMode.ERRORIFEXISTS)))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("/bad/part-")
        .hasMessageContaining("key synthetic/");
    assertThat(temp).isDirectoryNotContaining(file -> file.toString().contains("-y-"));
    assertThat(temp.resolve("y")).doesNotExist();
  }

  @Test
  void evaluationWritesItsTableAndJson() throws IOException {
    Path output = temp.resolve("eval");
    String table =
        PriorEvaluation.run(
            spark, model(), data.resolve("train").toString(), output.toString(), false);
    assertThat(output.resolve("evaluation.txt")).hasContent(table);
    JsonNode json = new ObjectMapper().readTree(output.resolve("evaluation.json").toFile());
    assertThat(json.path("cosine_text_image").asDouble()).isBetween(0.2, 0.45);
    assertThat(json.path("recall_at_10").asDouble()).isBetween(0.0, 1.0);
  }
}
