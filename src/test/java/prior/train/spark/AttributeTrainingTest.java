package prior.train.spark;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.Location;
import prior.checkpoint.Precision;
import prior.conf.AttributeConf;
import prior.conf.ConfLoader;
import prior.data.AttributeColumn;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.WorkUnit;
import prior.data.spark.LocalSpark;
import prior.data.spark.ParquetPairs;
import prior.exchange.Format;
import prior.exchange.ModelExport;
import prior.infer.PriorPredictor;
import prior.infer.TrainedPrior;

/** Attributes from columns that Spark wrote to what a run trains with and records. */
@Tag("spark")
class AttributeTrainingTest {
  private static final String ATTRIBUTES =
      "prior.net.attributes=[{name=score,kind=number},{name=kind_of,column=sort,kind=category},"
          + "{name=style,kind=vector,width=2,cond_drop_prob=0.5}]";

  private static Path data;
  private static Dataset<Row> table;

  private final SparkSession session = LocalSpark.session();
  private final JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    Path plain = SmallRuns.pairs(LocalSpark.session(), folder, 200);
    data = folder.resolve("attributed");
    LocalSpark.session()
        .read()
        .parquet(plain.resolve("train").toString())
        .withColumn("number", expr("abs(hash(key)) % 100"))
        .withColumn("score", expr("if(number < 10, null, number / 4)"))
        .withColumn(
            "sort", expr("if(number > 90, null, element_at(array('b', 'a'), number % 2 + 1))"))
        .withColumn("whole", expr("cast(number as bigint)"))
        .withColumn("style", expr("if(number = 50, null, array(float(number), float(0)))"))
        .coalesce(1)
        .write()
        .parquet(data.resolve("train").toString());
    table = LocalSpark.session().read().parquet(data.resolve("train").toString());
  }

  private Path train(String name, String... sets) {
    Path run = temp.resolve(name);
    ConfLoader.Loaded settings = SmallRuns.settings(data, sets);
    PriorTraining.run(spark, settings, run.toString(), RunFolder.Mode.RESUME);
    return run;
  }

  private static Path latest(Path run) throws IOException {
    return run.resolve("checkpoints").resolve(Files.readString(run.resolve("LATEST")).strip());
  }

  @Test
  void whatTheTrainingDataSaysOfAttributesIsInTheCheckpoint() throws IOException {
    Path run = train("run", ATTRIBUTES);
    String config = Files.readString(latest(run).resolve("config.conf"));
    List<AttributeConf> found =
        ConfLoader.load(List.of(new ConfLoader.Source("config", config)), List.of())
            .settings()
            .prior()
            .attributes();
    Row moments = table.selectExpr("avg(score)", "stddev_pop(score)").first();
    assertThat(found.get(0).mean()).isCloseTo(moments.getDouble(0), within(1e-4));
    assertThat(found.get(0).deviation()).isCloseTo(moments.getDouble(1), within(1e-4));
    assertThat(found.get(1).values()).containsExactly("a", "b");
    assertThat(latest(run).resolve("model.safetensors"))
        .content(StandardCharsets.ISO_8859_1)
        .contains("net.attributes.score.mlp.0.weight", "net.attributes.kind_of.table.weight");
  }

  @Test
  void foreignLayoutsRefuseAModelWithAttributesByTheirNames() {
    Path run = train("alone", ATTRIBUTES);
    ModelExport.Request request =
        new ModelExport.Request(
            Format.DALLE2,
            Location.of(run.toString()),
            Optional.empty(),
            Precision.FP32,
            Location.of(temp.resolve("exported").toString()));
    assertThatThrownBy(() -> ModelExport.run(request))
        .hasMessageContaining("Cannot export")
        .hasMessageContaining("[score, kind_of, style]");
    assertThat(temp.resolve("exported")).doesNotExist();
  }

  @Test
  void aStoppedRunWithAttributesEndsWithTheBytesOfOneThatWasNot() throws IOException {
    Path whole = train("whole", ATTRIBUTES);
    train("stopped", ATTRIBUTES, "train.max_steps=4");
    Path resumed = train("stopped", ATTRIBUTES);
    assertThat(SmallRuns.bytes(latest(resumed))).isEqualTo(SmallRuns.bytes(latest(whole)));
  }

  @Test
  void aRunBegunFromAnotherHasItsMeansAndValuesThoughAttributesAreNamedAgain() {
    Path first = train("first", ATTRIBUTES);
    List<String> sets = new ArrayList<>(SmallRuns.sets(data));
    sets.addAll(List.of(ATTRIBUTES, "train.init_from=" + first));
    List<AttributeConf> taken =
        StartingPoint.settings(
                List.of(), sets, temp.resolve("second").toString(), RunFolder.Mode.RESUME)
            .settings()
            .prior()
            .attributes();
    assertThat(taken.get(0).mean()).isNotNull();
    assertThat(taken.get(1).values()).containsExactly("a", "b");
    assertThat(taken)
        .isEqualTo(
            TrainedPrior.open(Location.of(first.toString()), List.of())
                .settings()
                .prior()
                .attributes());
  }

  @Test
  void attributesOfEachTextInAProgramAreThoseOfSettings() {
    String run = train("predicts", ATTRIBUTES).toString();
    float[][] text = new float[2][16];
    text[0][3] = 1;
    text[1][5] = 1;
    String[] keys = {"a", "b"};
    try (PriorPredictor each = PriorPredictor.open(run, "infer.attributes.score=3");
        PriorPredictor all =
            PriorPredictor.open(
                run, "infer.attributes { score = 3, kind_of = b, style = \"[1,2]\" }")) {
      float[][] given =
          each.predict(
              text, null, List.of(Map.of("kind_of", "b", "style", "[1,2]"), Map.of()), keys);
      assertThat(given[0]).isEqualTo(all.predict(text, keys)[0]);
      assertThat(given[1]).isEqualTo(each.predict(text, keys)[1]);
      assertThatThrownBy(() -> each.predict(text, null, List.of(Map.of("no", "1"), Map.of()), keys))
          .hasMessageContaining("Cannot use attribute no")
          .hasMessageContaining("score");
      assertThatThrownBy(
              () -> each.predict(text, null, List.of(Map.of("style", "[1]"), Map.of()), keys))
          .hasMessageContaining("Cannot use attribute style: expected 2 numbers");
    }
  }

  @Test
  void severalNoiseDrawsAndDropoutTrainWithAttributesToo() throws IOException {
    Path run =
        train(
            "draws",
            ATTRIBUTES,
            "train.noise_draws_per_pair=3",
            "prior.net.ff_dropout=0.1",
            "prior.net.self_cond=true");
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(6);
  }

  @Test
  void numbersOfABlockAreThoseThatSparkWrote() {
    PairColumns columns =
        new PairColumns(
            Optional.of("text_embedding"),
            "image_embedding",
            Optional.empty(),
            Optional.of("key"),
            List.of(
                new AttributeColumn.Number("SCORE", 12, 2),
                new AttributeColumn.Number("whole", 0, 1),
                new AttributeColumn.Category("sort", List.of("b")),
                new AttributeColumn.Category("number", List.of("50", "51")),
                new AttributeColumn.Vector("style", 2)));
    String path = data.resolve("train").toString();
    WorkUnit unit = ParquetPairs.plan(spark.hadoopConfiguration(), path, columns).get(0);
    PairBlock block = ParquetPairs.read(spark.hadoopConfiguration(), unit, columns);
    List<Row> rows = table.select("score", "whole", "sort", "style").collectAsList();
    assertThat(block.attributeColumns()).isEqualTo(11);
    for (int i = 0; i < block.rows(); i++) {
      Row row = rows.get(i);
      float number = row.getLong(1);
      boolean scored = !row.isNullAt(0);
      boolean styled = !row.isNullAt(3);
      boolean sorted = !row.isNullAt(2);
      assertThat(Arrays.copyOfRange(block.attributes(), i * 11, (i + 1) * 11))
          .containsExactly(
              scored ? (float) ((row.getDouble(0) - 12) / 2) : 0,
              scored ? 1 : 0,
              number,
              1,
              sorted && row.getString(2).equals("b") ? 1 : 0,
              sorted ? 1 : 0,
              number == 50 ? 1 : number == 51 ? 2 : 0,
              1,
              styled ? number : 0,
              0,
              styled ? 1 : 0);
    }
  }

  @Test
  void aColumnThatIsNotOfTheKindIsRefusedByNameAndType() {
    assertThatThrownBy(() -> train("kind", "prior.net.attributes=[{name=sort,kind=number}]"))
        .hasMessageContaining("column sort cannot be an attribute")
        .hasMessageContaining("expected a number, found string");
    assertThatThrownBy(
            () ->
                train(
                    "settled", "prior.net.attributes=[{name=sort,kind=number,mean=0,deviation=1}]"))
        .hasMessageContaining("column sort is not a number");
    assertThatThrownBy(
            () -> train("width", "prior.net.attributes=[{name=style,kind=vector,width=3}]"))
        .hasMessageContaining("wrong width in style")
        .hasMessageContaining("expected 3 numbers, found 2 numbers");
    assertThatThrownBy(() -> train("none", "prior.net.attributes=[{name=no,kind=category}]"))
        .hasMessageContaining("no such column")
        .hasMessageContaining("expected one column no");
    assertThatThrownBy(() -> train("twice", "prior.net.attributes=[{name=key,kind=category}]"))
        .hasMessageContaining("column key is used twice");
  }
}
