package prior.infer.spark;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.conf.Settings;
import prior.data.spark.LocalSpark;
import prior.infer.TrainedPrior;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;
import prior.train.InitialWeights;
import prior.train.spark.SmallRuns;

/** Attributes of a table's columns against the same values as settings. */
@Tag("spark")
class AttributeInferenceTest {
  private static Path data;

  private final SparkSession spark = LocalSpark.session();

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 60);
    LocalSpark.session()
        .read()
        .parquet(data.resolve("train").toString())
        .withColumn("score", expr("if(hash(key) % 2 = 0, null, 7)"))
        .withColumn("sort", expr("if(hash(key) % 2 = 0, 'a', null)"))
        .withColumn("style", expr("if(hash(key) % 2 = 0, null, array(double(1), double(-2)))"))
        .write()
        .parquet(data.resolve("attributed").toString());
    broken("infinite", "score", "double('Infinity')");
    broken("short", "style", "array(double(1))");
  }

  private static void broken(String name, String column, String value) {
    LocalSpark.session()
        .read()
        .parquet(data.resolve("attributed").toString())
        .withColumn(column, expr(value))
        .write()
        .parquet(data.resolve(name).toString());
  }

  private static TrainedPrior model(String... sets) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "prior.net.attributes=[{name=score,kind=number,mean=5,deviation=1},"
                    + "{name=kind_of,column=SORT,kind=category,values=[a,b]},"
                    + "{name=style,kind=vector,width=2}]"));
    all.addAll(List.of(sets));
    Settings settings = SmallRuns.settings(data, all.toArray(String[]::new)).settings();
    ParameterLayout layout = ParameterLayout.of(NetworkShape.of(settings.prior()));
    return new TrainedPrior(settings, InitialWeights.of(layout, 1), "model/ema", "hash", Map.of());
  }

  private Map<String, List<Float>> predict(String input, String... sets) {
    TrainedPrior model = model(sets);
    Path output = temp.resolve("predicted " + System.nanoTime());
    PriorInference.run(
        spark,
        model,
        new InferRequest(
            data.resolve(input).toString(), output.toString(), null, WriteMode.ERRORIFEXISTS));
    Map<String, List<Float>> byKey = new TreeMap<>();
    for (Row row : spark.read().parquet(output.toString()).collectAsList()) {
      byKey.put(row.getAs("key"), row.getList(row.fieldIndex("predicted_image_embedding")));
    }
    return byKey;
  }

  @Test
  void aColumnsValueIsWhatASettingOfThatValueIs() {
    Map<String, List<Float>> found = predict("attributed");
    Map<String, List<Float>> odd =
        predict("train", "infer.attributes.score=7", "infer.attributes.style=[1,-2]");
    Map<String, List<Float>> even = predict("train", "infer.attributes.kind_of=a");
    long odds = found.keySet().stream().filter(key -> near(found.get(key), odd.get(key))).count();
    long evens = found.keySet().stream().filter(key -> near(found.get(key), even.get(key))).count();
    assertThat(odds).isBetween(1L, found.size() - 1L);
    assertThat(odds + evens).isEqualTo(found.size());
  }

  @Test
  void anEvaluationPredictsWithTheAttributesThatInferenceUses() throws IOException {
    Map<String, List<Float>> predicted = predict("attributed", "infer.samples_per_text=1");
    double sum = 0;
    for (Row row : spark.read().parquet(data.resolve("attributed").toString()).collectAsList()) {
      List<Float> image = row.getList(row.fieldIndex("image_embedding"));
      sum += cosine(predicted.get(row.<String>getAs("key")), image);
    }
    double expected = sum / predicted.size();
    assertThat(evaluated("attributed")).isCloseTo(expected, within(1e-5));
    assertThat(evaluated("train")).isNotCloseTo(expected, within(1e-3));
  }

  private double evaluated(String input) throws IOException {
    Path output = temp.resolve("evaluated " + System.nanoTime());
    PriorEvaluation.run(spark, model(), data.resolve(input).toString(), output.toString(), false);
    return new ObjectMapper()
        .readTree(output.resolve("evaluation.json").toFile())
        .at("/cosine_predicted_image")
        .asDouble();
  }

  private static double cosine(List<Float> a, List<Float> b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.size(); i++) {
      dot += a.get(i) * b.get(i);
      aa += a.get(i) * a.get(i);
      bb += b.get(i) * b.get(i);
    }
    return dot / Math.sqrt(aa * bb);
  }

  @Test
  void aSettingCountsBeforeTheColumnAndNullIsOne() {
    Map<String, List<Float>> set =
        predict(
            "attributed",
            "infer.attributes.score=null",
            "infer.attributes.kind_of=null",
            "infer.attributes.style=null");
    Map<String, List<Float>> none = predict("train");
    assertThat(set.keySet()).allMatch(key -> near(set.get(key), none.get(key)));
  }

  @Test
  void aColumnOfAnotherTypeIsRefusedWithTheAttributesName() {
    assertThatThrownBy(
            () ->
                predict(
                    "attributed",
                    "prior.net.attributes=[{name=a,column=sort,kind=number,mean=0,deviation=1}]"))
        .hasMessageContaining("Cannot use the column sort of prior.net.attributes, a")
        .hasMessageContaining("found string");
  }

  @Test
  void aValueThatCannotBeUsedIsRefusedByColumn() {
    assertThatThrownBy(() -> predict("infinite"))
        .hasMessageContaining("not finite in score, expected a finite number or null");
    assertThatThrownBy(() -> predict("short"))
        .hasMessageContaining("wrong width in style, expected 2 numbers, found 1");
  }

  private static boolean near(List<Float> found, List<Float> expected) {
    for (int i = 0; i < found.size(); i++) {
      if (Math.abs(found.get(i) - expected.get(i)) > 1e-5) {
        return false;
      }
    }
    return true;
  }

  @Test
  void anAttributeWithoutColumnAndSettingIsToldOf() {
    Settings settings =
        SmallRuns.settings(
                data,
                "prior.net.attributes=[{name=score,kind=number,mean=5,deviation=1},"
                    + "{name=kind_of,column=nowhere,kind=category,values=[a,b]},"
                    + "{name=style,column=nothing,kind=vector,width=2}]",
                "infer.attributes.style=[1,2]")
            .settings();
    StructType schema = spark.read().parquet(data.resolve("attributed").toString()).schema();
    TextCells cells = TextCells.find(schema, schema.size(), null, settings);
    assertThat(cells.nullAttributes(settings)).containsExactly("kind_of");
  }
}
