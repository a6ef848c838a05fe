package prior.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prior.data.HalfFloat;
import prior.data.PairColumns;
import prior.data.Split;
import prior.data.SyntheticPairs;
import prior.data.WorkUnit;
import prior.fault.UserFault;

@Tag("spark")
class PairPreparationTest {
  private static final int WIDTH = 16;
  private static final int ROWS = 1000;

  private final SparkSession spark = LocalSpark.session();
  private final Configuration conf = new Configuration();

  @TempDir Path folder;

  @Test
  void everyRowGroupButAFilesLastHasTheStatedRows() {
    prepare(synthetic("in"), "out", 42, 70, 200);
    Map<String, List<Integer>> rowsOfFiles = new TreeMap<>();
    for (Split split : Split.values()) {
      for (WorkUnit unit : plan("out", split)) {
        rowsOfFiles.computeIfAbsent(unit.file(), file -> new ArrayList<>()).add(unit.rows());
      }
    }
    assertThat(rowsOfFiles).hasSize(4 + 1 + 1);
    for (List<Integer> rows : rowsOfFiles.values()) {
      assertThat(rows.subList(0, rows.size() - 1)).allMatch(count -> count == 70);
      assertThat(rows.get(rows.size() - 1)).isBetween(1, 70);
    }
    assertThat(rowsOfFiles.values().stream().flatMap(List::stream).mapToInt(i -> i).sum())
        .isEqualTo(ROWS);
  }

  @Test
  void captionTextAndImageOfARowStayTogether() {
    prepare(synthetic("in"), "out", 42, 64, 500);
    SyntheticPairs pairs = new SyntheticPairs(7, WIDTH);
    for (Row row : all("out").collectAsList()) {
      float[] text = new float[WIDTH];
      float[] image = new float[WIDTH];
      String path = row.getAs("image_path");
      long number = Long.parseLong(path.replaceAll("[^0-9]", ""));
      assertThat(row.<String>getAs("caption")).isEqualTo(pairs.fill(number, text, image));
      assertThat(row.<String>getAs("key"))
          .isEqualTo("metadata_%d/%d".formatted(number / 300, number % 300));
      assertThat(row.<Float>getList(1)).containsExactly(halves(text));
      assertThat(row.<Float>getList(2)).containsExactly(halves(image));
    }
  }

  @Test
  void theSameSettingsGiveTheSameBytesHoweverTheInputIsCut() throws IOException {
    String input = synthetic("in");
    prepare(input, "one", 42, 64, 200);
    SparkSession other = spark.newSession();
    other.conf().set("spark.sql.files.openCostInBytes", "1");
    other.conf().set("spark.sql.files.maxPartitionBytes", "1000000000");
    other.conf().set("spark.sql.files.minPartitionNum", "1");
    PairPreparation.run(other, what(input, "two", 42, 64, 200, false, 0));
    assertThat(bytes("two")).isEqualTo(bytes("one"));
  }

  @Test
  void anotherSeedShufflesAnewWithinTheSameSplits() {
    String input = synthetic("in");
    prepare(input, "one", 1, 64, 10_000);
    prepare(input, "two", 2, 64, 10_000);
    for (Split split : Split.values()) {
      List<String> one = keys("one", split);
      List<String> two = keys("two", split);
      assertThat(two).isNotEqualTo(one).containsExactlyInAnyOrderElementsOf(one);
    }
    assertThat(keys("one", Split.TRAIN))
        .isNotEqualTo(keys("one", Split.TRAIN).stream().sorted().toList());
  }

  @Test
  void filesSayWhatTheyHold() throws IOException {
    prepare(synthetic("in"), "out", 42, 64, 500);
    assertThat(ParquetPairs.metadata(conf, out("out", Split.VAL)))
        .containsEntry(PairMetadata.CLIP, "ViT-T")
        .containsEntry(PairMetadata.NORMALISED, "true")
        .containsEntry(PairMetadata.TEXT_WIDTH, "16")
        .containsEntry(PairMetadata.IMAGE_WIDTH, "16")
        .containsEntry(PairMetadata.ROW_GROUP_ROWS, "64")
        .containsEntry(PairMetadata.VERSION, "1")
        .hasEntrySatisfying(
            PairMetadata.MEAN_IMAGE_NORM,
            mean -> assertThat(Double.parseDouble(mean)).isCloseTo(1, within(1e-3)));
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(f -> !f.endsWith(".crc")))
          .containsExactlyInAnyOrder("train", "val", "test", "_stats.json");
    }
  }

  @Test
  void columnsOfAnyTypeAreKeptAndNameClashesResolved() {
    String input = folder.resolve("in.parquet").toString();
    spark
        .range(20)
        .selectExpr(
            "id as key",
            "cast(id as float) score",
            "cast(id as decimal(20,3)) price",
            "timestamp_seconds(id) taken",
            "array(cast(id as string)) tags",
            "named_struct('a', id, 'b', cast(null as int)) nested",
            "array(cast(id + 1 as double), 2d, 3d) as Text_Vec",
            "array(cast(id + 1 as float), 5f) as Image_Vec")
        .write()
        .parquet(input);
    PairColumns columns = PairColumns.of("text_vec", "IMAGE_VEC", Optional.of("KEY"));
    PairPreparation.run(
        spark, new Preparation(input, out("out"), false, columns, "c", 0, 0, 1, 8, 100, false, 0));
    Dataset<Row> rows = spark.read().parquet(out("out", Split.TRAIN));
    assertThat(rows.schema().simpleString())
        .isEqualTo(
            "struct<key:string,text_embedding:array<float>,image_embedding:array<float>,"
                + "input_key:bigint,score:float,price:decimal(20,3),taken:timestamp,"
                + "tags:array<string>,nested:struct<a:bigint,b:int>>");
    assertThat(rows.filter("key != cast(input_key as string) or score != input_key").count())
        .isZero();
    assertThat(
            rows.filter("text_embedding[0] != score + 1 or taken != timestamp_seconds(score)")
                .count())
        .isZero();
    assertThat(spark.read().parquet(out("out", Split.VAL)).count()).isZero();
    assertThat(plan("out", Split.VAL)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "plain", "double", "fixed_fp16", "duckdb"})
  void parquetOfOtherWritersIsPrepared(String name) throws IOException {
    spark.sparkContext().hadoopConfiguration().set("prior.text_width", "4");
    spark.sparkContext().hadoopConfiguration().set("prior.image_width", "3");
    Path input = Files.createDirectories(folder.resolve("a [b] c*"));
    Files.copy(
        Path.of("src/test/resources/data/parquet/" + name + ".parquet"),
        input.resolve("x y%20.parquet"));
    prepare(input.toString(), "out", 3, 2, 100);
    Dataset<Row> rows = all("out").select("key", "text_embedding", "image_embedding");
    assertThat(rows.count()).isEqualTo(7);
    for (Row row : rows.collectAsList()) {
      int number = Integer.parseInt(row.getString(0).replace("x y%20/", ""));
      assertThat(row.<Float>getList(1)).hasSize(4).startsWith(number * 4 / 8f - 1);
      assertThat(row.<Float>getList(2)).hasSize(3).startsWith(number * 3 / 8f - 1);
    }
  }

  @Test
  void anExistingOutputIsRefusedOrReplacedWhole() throws IOException {
    String input = synthetic("in");
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/mine.txt"), "mine");
    assertThatThrownBy(() -> prepare(input, "out", 1, 64, 500))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("/out: it exists, expected a new folder or mode overwrite");
    assertThat(folder.resolve("out/mine.txt")).exists();
    Preparation what = what(input, "out", 1, 64, 500, false, 0);
    PairPreparation.run(spark, overwriting(what));
    assertThat(folder.resolve("out/mine.txt")).doesNotExist();
    assertThat(folder.resolve("out/_stats.json")).exists();
    assertOnly("in", "out");
  }

  @Test
  void anOutputAroundTheInputIsRefused() {
    Preparation what = what(synthetic("out/in"), "out", 1, 64, 500, false, 0);
    assertThatThrownBy(() -> PairPreparation.run(spark, overwriting(what)))
        .hasMessageContaining("output and input overlap");
  }

  private void assertOnly(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  private String synthetic(String name) {
    String path = folder.resolve(name).toString();
    SyntheticFolder.write(spark, path, false, 7, WIDTH, ROWS, 300);
    return path;
  }

  private void prepare(String input, String output, long seed, int rowsPerGroup, int rowsPerFile) {
    PairPreparation.run(spark, what(input, output, seed, rowsPerGroup, rowsPerFile, false, 0));
  }

  private Preparation what(
      String input, String output, long seed, int group, int file, boolean skip, long max) {
    PairColumns columns = PairColumns.of("text_embedding", "image_embedding", Optional.empty());
    return new Preparation(
        input, out(output), false, columns, "ViT-T", 0.1, 0.1, seed, group, file, skip, max);
  }

  private static Preparation overwriting(Preparation p) {
    return new Preparation(
        p.input(),
        p.output(),
        true,
        p.columns(),
        p.clip(),
        p.valFraction(),
        p.testFraction(),
        p.seed(),
        p.rowsPerGroup(),
        p.rowsPerFile(),
        p.skipBadRows(),
        p.maxBadRows());
  }

  private String out(String name) {
    return folder.resolve(name).toString();
  }

  private String out(String name, Split split) {
    return folder.resolve(name).resolve(split.folder()).toString();
  }

  private List<WorkUnit> plan(String output, Split split) {
    return ParquetPairs.plan(conf, out(output, split), PairColumns.prepared());
  }

  private Dataset<Row> all(String name) {
    return spark
        .read()
        .parquet(out(name, Split.TRAIN), out(name, Split.VAL), out(name, Split.TEST));
  }

  private List<String> keys(String name, Split split) {
    return spark.read().parquet(out(name, split)).select("key").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private Map<String, String> bytes(String name) throws IOException {
    Map<String, String> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        bytes.put(folder.resolve(name).relativize(file).toString(), content);
      }
    }
    return bytes;
  }

  private static Float[] halves(float[] values) {
    Float[] halves = new Float[values.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = HalfFloat.toFloat(HalfFloat.fromFloat(values[i]));
    }
    return halves;
  }
}
