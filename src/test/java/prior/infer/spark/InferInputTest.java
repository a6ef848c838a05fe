package prior.infer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prior.data.spark.LocalSpark;

/** The same seven texts, however they are stored, have the same predictions. */
@Tag("spark")
class InferInputTest {
  private final SparkSession spark = LocalSpark.session();
  private static Map<String, List<Float>> expected;

  @TempDir private Path temp;

  @BeforeAll
  static void predictPlainly(@TempDir Path folder) {
    Path plain = Inference.FIXTURES.resolve("plain.parquet");
    Path output = folder.resolve("expected");
    Inference.run(Inference.model("prior.net.dim=4"), plain, output, WriteMode.ERRORIFEXISTS);
    expected = Inference.predicted(output, "key");
    assertThat(expected).hasSize(7);
    assertThat(expected.values()).doesNotHaveDuplicates();
  }

  private Map<String, List<Float>> predicted(Object input, String output) {
    return predicted(input, output, "prior.net.dim=4");
  }

  private Map<String, List<Float>> predicted(Object input, String output, String... sets) {
    Path folder = temp.resolve(output);
    Inference.run(Inference.model(sets), input, folder, WriteMode.ERRORIFEXISTS);
    return Inference.predicted(folder, "key");
  }

  private Dataset<Row> plain() {
    return spark.read().parquet(Inference.FIXTURES.resolve("plain.parquet").toString());
  }

  private Path made(String name, String... columns) {
    Path made = temp.resolve(name);
    plain().selectExpr(columns).coalesce(1).write().parquet(made.toString());
    return made;
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "duckdb", "pages_v2"})
  void fromAnyWriter(String name) {
    assertThat(predicted(Inference.FIXTURES.resolve(name + ".parquet"), "out")).isEqualTo(expected);
  }

  @Test
  void asDoubles() {
    Path made = made("doubles", "key", "cast(text_embedding as array<double>) text_embedding");
    assertThat(predicted(made, "out")).isEqualTo(expected);
  }

  @Test
  void asBinary() {
    spark
        .udf()
        .register(
            "packed",
            (scala.collection.Seq<Float> numbers) -> packed(numbers),
            org.apache.spark.sql.types.DataTypes.BinaryType);
    Path made = made("binary", "key", "packed(text_embedding) text_embedding");
    assertThat(predicted(made, "out")).isEqualTo(expected);
  }

  private static byte[] packed(scala.collection.Seq<Float> numbers) {
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 4; i++) {
      bytes.putFloat(numbers.apply(i));
    }
    return bytes.array();
  }

  @Test
  void asSparkVectors() {
    String vector =
        "named_struct('type', 1Y, 'size', cast(null as int), 'indices', cast(null as array<int>),"
            + " 'values', cast(text_embedding as array<double>)) text_embedding";
    assertThat(predicted(made("vectors", "key", vector), "out")).isEqualTo(expected);
  }

  @Test
  void inFoldersOfFolders() throws IOException {
    Path nested = Files.createDirectories(temp.resolve("top/a/b"));
    Files.copy(Inference.FIXTURES.resolve("plain.parquet"), nested.resolve("x.parquet"));
    Files.writeString(temp.resolve("top/readme.txt"), "no table");
    assertThat(predicted(temp.resolve("top"), "out")).isEqualTo(expected);
  }

  @Test
  void inPartitionsOfATableWhoseColumnIsKept() {
    Path hive = temp.resolve("hive");
    plain()
        .selectExpr("*", "if(key < 'k3', 'a', 'b') part")
        .write()
        .partitionBy("part")
        .parquet(hive.toString());
    assertThat(predicted(hive, "out")).isEqualTo(expected);
    assertThat(Inference.predicted(temp.resolve("out"), "key").keySet()).hasSize(7);
    Dataset<Row> out = spark.read().parquet(temp.resolve("out").toString());
    assertThat(out.where("part = if(key < 'k3', 'a', 'b')").count()).isEqualTo(7);
    assertThat(predicted(hive + "/part=*/*.parquet", "globbed")).isEqualTo(expected);
    assertThat(spark.read().parquet(temp.resolve("globbed").toString()).columns()).contains("part");
  }

  @Test
  void inATableOfTheCatalog() {
    plain().createOrReplaceTempView("texts");
    assertThat(predicted("table:texts", "out")).isEqualTo(expected);
  }

  @Test
  void inNumpyFilesBesideATable() throws IOException {
    Path clip = temp.resolve("clip");
    Files.createDirectories(clip.resolve("text_emb"));
    plain().select("key").coalesce(1).write().parquet(temp.resolve("keys").toString());
    Files.createDirectories(clip.resolve("metadata"));
    try (java.util.stream.Stream<Path> files = Files.list(temp.resolve("keys"))) {
      Path table = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.copy(table, clip.resolve("metadata/metadata_12.parquet"));
    }
    List<Row> rows = plain().collectAsList();
    float[] numbers = new float[4 * rows.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          rows.get(i / 4).<Float>getList(rows.get(0).fieldIndex("text_embedding")).get(i % 4);
    }
    Inference.npy(clip.resolve("text_emb/text_emb_12.npy"), numbers, 4);
    assertThat(predicted(clip, "out")).isEqualTo(expected);
  }

  @Test
  void withoutAKeyTheTextNamesItsNoise() {
    Path keyed = made("one", "key", "text_embedding");
    Path renamed = made("two", "'x' || key as other", "text_embedding");
    String[] sets = {"prior.net.dim=4", "data.columns.key=nowhere"};
    Map<String, List<Float>> one = predicted(keyed, "out", sets);
    Inference.run(Inference.model(sets), renamed, temp.resolve("renamed"), WriteMode.ERRORIFEXISTS);
    assertThat(Inference.predicted(temp.resolve("renamed"), "other").values())
        .containsExactlyElementsOf(one.values());
    assertThat(one).isNotEqualTo(expected);
  }

  @Test
  void anIntABigintAndAStringThatReadTheSameNameTheSameNoise() {
    String[] sets = {"prior.net.dim=4", "infer.key=key"};
    String number = "int(substring(key, 2)) + 40";
    Map<String, List<Float>> ints =
        predicted(made("i", number + " key", "text_embedding"), "io", sets);
    assertThat(predicted(made("l", "bigint(" + number + ") key", "text_embedding"), "lo", sets))
        .isEqualTo(ints);
    assertThat(predicted(made("s", "string(" + number + ") key", "text_embedding"), "so", sets))
        .isEqualTo(ints)
        .isNotEqualTo(expected);
  }

  @Test
  void whatTheMaskLeavesOutIsPadding() {
    String[] sets = {
      "prior.net.dim=4",
      "prior.condition_on_text_encodings=true",
      "prior.net.max_text_len=2",
      "infer.mask=m"
    };
    String one = "array(text_embedding) text_encodings";
    String wide = "array(text_embedding, reverse(text_embedding)) text_encodings";
    Map<String, List<Float>> masked =
        predicted(made("m", "key", "text_embedding", wide, "array(1, 0) m"), "mo", sets);
    assertThat(predicted(made("p", "key", "text_embedding", one, "array(true) m"), "po", sets))
        .isEqualTo(masked);
    assertThat(predicted(made("f", "key", "text_embedding", wide, "array(1, 1) m"), "fo", sets))
        .isNotEqualTo(masked);
  }
}
