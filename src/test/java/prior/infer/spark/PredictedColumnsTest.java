package prior.infer.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;
import prior.fault.UserFault;
import prior.train.spark.SmallRuns;

/** What each choice of samples and form puts into the output's columns. */
@Tag("spark")
class PredictedColumnsTest {
  private static final String VECTOR = "predicted_image_embedding";
  private static Path texts;

  private final SparkSession spark = LocalSpark.session();

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    texts = SmallRuns.pairs(LocalSpark.session(), folder, 60).resolve("train");
  }

  private Path predict(String output, String... sets) {
    return predict(texts, output, sets);
  }

  private Path predict(Path input, String output, String... sets) {
    Inference.run(Inference.model(sets), input, temp.resolve(output), WriteMode.ERRORIFEXISTS);
    return temp.resolve(output);
  }

  private Dataset<Row> read(Path output) {
    return spark.read().parquet(output.toString());
  }

  /** The vectors of each key, in the order of their samples. */
  private Map<String, List<List<Float>>> samples(Path output) {
    Map<String, List<List<Float>>> byKey = new TreeMap<>();
    for (Row row : read(output).orderBy("key", "sample").collectAsList()) {
      List<List<Float>> own = byKey.computeIfAbsent(row.getAs("key"), key -> new ArrayList<>());
      assertThat(row.<Integer>getAs("sample")).isEqualTo(own.size());
      own.add(row.getList(row.fieldIndex(VECTOR)));
    }
    return byKey;
  }

  private static JsonNode run(Path output) throws IOException {
    return new ObjectMapper().readTree(output.resolve("_manifest.json").toFile()).at("/runs/0");
  }

  @Test
  void allSamplesAreRowsOfTheirOwnAndTheFirstAndTheBestAreAmongThem() throws IOException {
    String three = "infer.samples_per_text=3";
    Path all = predict("all", three, "infer.keep=all");
    Map<String, List<List<Float>>> samples = samples(all);
    Map<String, List<Float>> first = Inference.predicted(predict("first"), "key");
    Map<String, List<Float>> best = Inference.predicted(predict("best", three), "key");
    assertThat(samples.keySet()).isEqualTo(first.keySet());
    samples.forEach(
        (key, own) -> {
          assertThat(own).as(key).hasSize(3).doesNotHaveDuplicates().contains(best.get(key));
          assertThat(own.get(0)).as(key).isEqualTo(first.get(key));
        });
    assertThat(best).isNotEqualTo(first);
    assertThat(run(all).path("rows_per_text").asLong()).isEqualTo(3);
    assertThat(run(all).path("rows").asLong())
        .isEqualTo(3 * run(all).path("rows_in").asLong())
        .isEqualTo(read(all).count());
    assertThat(read(all).columns()).startsWith(read(texts).columns()).endsWith("sample", VECTOR);
  }

  @Test
  void rowsThatAreSkippedHaveNoSamplesAndTheRestAddUp() throws IOException {
    Path bad = temp.resolve("bad");
    read(texts)
        .withColumn("key", when(col("key").contains("7"), lit(null)).otherwise(col("key")))
        .write()
        .parquet(bad.toString());
    long keys = read(bad).filter("key is not null").count();
    assertThat(keys).isLessThan(read(bad).count());
    Path all =
        predict(bad, "all", "infer.samples_per_text=2", "infer.keep=all", "infer.bad_rows=skip");
    assertThat(read(all).count()).isEqualTo(2 * keys).isEqualTo(run(all).path("rows").asLong());
    assertThat(run(all).path("skipped").asLong()).isEqualTo(read(bad).count() - keys);
  }

  @Test
  void theNumberOfASampleNeedsAColumnThatTheInputHasNot() {
    Path input = temp.resolve("in");
    read(texts).withColumn("Sample", lit(1)).write().parquet(input.toString());
    assertThatThrownBy(() -> predict(input, "out", "infer.keep=all"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("infer.keep = all writes a column sample, expected none");
  }

  @Test
  void binaryVectorsHoldTheNumbersOfTheArrayLittleEndian() {
    Map<String, List<Float>> arrays = Inference.predicted(predict("array"), "key");
    Path half = predict("half", "infer.vectors=fp16");
    Path full = predict("full", "infer.vectors=fp32");
    for (Row row : read(full).select("key", VECTOR).collectAsList()) {
      ByteBuffer bytes = ByteBuffer.wrap(row.getAs(1)).order(ByteOrder.LITTLE_ENDIAN);
      for (float expected : arrays.get(row.getString(0))) {
        assertThat(bytes.getFloat()).isEqualTo(expected);
      }
      assertThat(bytes.remaining()).isZero();
    }
    for (Row row : read(half).select("key", VECTOR).collectAsList()) {
      ByteBuffer bytes = ByteBuffer.wrap(row.getAs(1)).order(ByteOrder.LITTLE_ENDIAN);
      for (float expected : arrays.get(row.getString(0))) {
        assertThat(half(bytes.getShort()))
            .isCloseTo(expected, within(Math.abs(expected) * 0x1p-11 + 0x1p-25));
      }
      assertThat(bytes.remaining()).isZero();
    }
    StructField column = read(half).schema().apply(VECTOR);
    assertThat(column.metadata().getString("vector")).isEqualTo("fp16 little-endian");
    assertThat(column.metadata().getLong("width")).isEqualTo(16);
  }

  /** IEEE 754's binary16, finite numbers only. */
  private static double half(short bits) {
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    double size =
        exponent == 0 ? fraction * 0x1p-24 : Math.scalb(1 + fraction * 0x1p-10, exponent - 15);
    return bits < 0 ? -size : size;
  }

  @Test
  void evaluationMeasuresOneArrayPerTextWhateverIsWritten() throws IOException {
    String two = "infer.samples_per_text=2";
    List<JsonNode> reports = new ArrayList<>();
    for (String[] sets : new String[][] {{two}, {two, "infer.keep=all", "infer.vectors=fp16"}}) {
      Path output = temp.resolve("eval" + reports.size());
      PriorEvaluation.run(spark, Inference.model(sets), texts.toString(), output.toString(), false);
      reports.add(new ObjectMapper().readTree(output.resolve("evaluation.json").toFile()));
    }
    assertThat(reports.get(1)).isEqualTo(reports.get(0));
  }
}
