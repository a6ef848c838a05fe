package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import prior.data.spark.FlakyFileSystem;
import prior.data.spark.Json;
import prior.data.spark.LocalSpark;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

/** Training on folders in which one shard's content is broken, mostly by Spark's own writer. */
@Tag("spark")
class BadShardsTest {
  private static final String SKIP = "data.on_bad_shard=skip";
  private static final String ONE_ROW = "monotonically_increasing_id() = 5";

  private static Path sound;

  private final SparkSession session = LocalSpark.session();
  private final JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    sound = SmallRuns.pairs(LocalSpark.session(), folder, 260);
  }

  @AfterEach
  void heal() {
    FlakyFileSystem.heal();
  }

  private Path train(String name, Path data, String... sets) {
    Path run = temp.resolve(name);
    PriorTraining.run(spark, SmallRuns.settings(data, sets), run.toString(), RunFolder.Mode.RESUME);
    return run;
  }

  /** A copy of the sound pairs, whose first files come first when sorted. */
  private Path copy(String name) throws IOException {
    Path train = Files.createDirectories(temp.resolve(name).resolve("train"));
    for (Path part : parts(sound.resolve("train"))) {
      Files.copy(part, train.resolve(part.getFileName()));
    }
    return train.getParent();
  }

  private static List<Path> parts(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  /** Puts a broken form of the first part in its place, or under another name. */
  private Path broken(Path data, String how, String name) throws IOException {
    Path part = parts(sound.resolve("train")).get(0);
    Path target = data.resolve("train").resolve(name);
    byte[] bytes = Files.readAllBytes(part);
    switch (how) {
      case "empty" -> Files.write(target, new byte[0]);
      case "truncated" -> Files.write(target, Arrays.copyOf(bytes, bytes.length - 100));
      case "flipped" -> {
        for (int i = 1000; i < 1010; i++) {
          bytes[i] ^= 0x55;
        }
        Files.write(target, bytes);
      }
      default -> {
        Path written = temp.resolve("written");
        session
            .read()
            .parquet(part.toString())
            .selectExpr("key", "image_embedding", how + " AS text_embedding")
            .coalesce(1)
            .write()
            .mode("overwrite")
            .parquet(written.toString());
        Files.move(parts(written).get(0), target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return target;
  }

  private static String inOneRow(String broken) {
    return "IF(" + ONE_ROW + ", " + broken + ", text_embedding)";
  }

  private String rowsBroken(String how) {
    return switch (how) {
      case "nan" -> inOneRow("transform(text_embedding, (x, i) -> IF(i = 3, float('NaN'), x))");
      case "infinite" -> inOneRow("transform(text_embedding, x -> float('-Infinity'))");
      case "null element" -> inOneRow("transform(text_embedding, (x, i) -> IF(i = 3, NULL, x))");
      case "null row" -> inOneRow("NULL");
      case "short row" -> inOneRow("slice(text_embedding, 1, 15)");
      default -> how;
    };
  }

  private static TreeMap<String, String> tensors(Path run) throws IOException {
    TreeMap<String, String> bytes = SmallRuns.bytes(checkpoint(run));
    bytes.keySet().removeIf(name -> !name.endsWith(".safetensors"));
    assertThat(bytes).hasSize(3);
    return bytes;
  }

  private static Path checkpoint(Path run) throws IOException {
    return run.resolve("checkpoints").resolve(Files.readString(run.resolve("LATEST")).strip());
  }

  private static List<String> skipped(Path run) throws IOException {
    return Files.readAllLines(run.resolve("skipped.jsonl"));
  }

  @ParameterizedTest
  @CsvSource({
    "empty, expected a Parquet file",
    "truncated, expected a Parquet file",
    "'slice(text_embedding, 1, 15)', 'text 15 and image 16'",
    "'transform(text_embedding, x -> cast(x AS string))', is not a vector",
    "float(1), is not a vector"
  })
  void aFileWithABadFooterIsNamedOrTrainingIsThatWithoutIt(String how, String message)
      throws IOException {
    Path data = copy("data");
    Path without = train("without", data, SKIP);
    Path bad = broken(data, how, "part-zzz.parquet");
    assertThatThrownBy(() -> train("failing", data))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.DATA))
        .hasMessageContainingAll("part-zzz.parquet", "expected", "found", message);
    Path with = train("with", data, SKIP);
    assertThat(tensors(with)).isEqualTo(tensors(without));
    assertThat(skipped(with)).hasSize(1);
    assertThat(Json.text(skipped(with).get(0), "path")).endsWith(bad.toString());
    assertThat(Json.text(skipped(with).get(0), "row_group")).isEqualTo("-1");
    assertThat(Json.text(skipped(with).get(0), "round")).isEqualTo("0");
    assertThat(without.resolve("skipped.jsonl")).doesNotExist();
  }

  @Test
  void aFileWithoutRowsIsNoFault() throws IOException {
    Path data = copy("data");
    Path without = train("without", data);
    Path written = temp.resolve("written");
    session
        .read()
        .parquet(sound.resolve("train").toString())
        .limit(0)
        .coalesce(1)
        .write()
        .parquet(written.toString());
    Files.move(parts(written).get(0), data.resolve("train/part-zzz.parquet"));
    assertThat(tensors(train("with", data))).isEqualTo(tensors(without));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nan", "infinite", "null element", "null row", "short row", "flipped"})
  void aBadRowGroupIsNamedOrLeftOutWithTheSameBytesHoweverOftenTheRunStops(String how)
      throws IOException {
    Path data = copy("data");
    String name = parts(data.resolve("train")).get(0).getFileName().toString();
    broken(data, rowsBroken(how), name);
    assertThatThrownBy(() -> train("failing", data))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.DATA))
        .hasMessageContainingAll(name, "row group 0", "expected", "found", "data.on_bad_shard");
    Path whole = train("whole", data, SKIP);
    for (int stop = 4; stop < 12; stop += 4) {
      train("stopped", data, SKIP, "train.max_steps=" + stop);
    }
    Path resumed = train("stopped", data, SKIP);
    assertThat(SmallRuns.bytes(checkpoint(resumed))).isEqualTo(SmallRuns.bytes(checkpoint(whole)));
    assertThat(skipped(resumed)).isEqualTo(skipped(whole)).hasSize(1);
    assertThat(skipped(whole).get(0)).contains("\"row_group\":0,\"first_row\":0", name);
    long left = 0;
    for (String round : Files.readAllLines(whole.resolve("metrics.jsonl"))) {
      int trained = Integer.parseInt(round.replaceAll(".*\"rows\":(\\d+).*", "$1"));
      int missing = Integer.parseInt(round.replaceAll(".*\"skipped\":(\\d+).*", "$1"));
      assertThat(trained + missing).isEqualTo(32);
      left += missing;
    }
    assertThat(left).isPositive();
  }

  @Test
  void whateverMakesARowGroupBadTheRunWithoutItIsTheSame() throws IOException {
    Path data = copy("data");
    String name = parts(data.resolve("train")).get(0).getFileName().toString();
    broken(data, rowsBroken("nan"), name);
    Path nan = train("nan", data, SKIP);
    broken(data, rowsBroken("null row"), name);
    // another spelling of a column is another key of the executors' cache
    Path missing = train("missing", data, SKIP, "data.columns.image_embedding=Image_Embedding");
    assertThat(tensors(missing)).isEqualTo(tensors(nan));
    assertThat(tensors(nan)).isNotEqualTo(tensors(train("sound", copy("data again"), SKIP)));
  }

  @Test
  void aStorageThatTimesOutIsReadAgainAndNotSkipped() throws IOException {
    FlakyFileSystem.register(spark.hadoopConfiguration());
    Path data = copy("data");
    String name = parts(data.resolve("train")).get(0).getFileName().toString();
    broken(data, rowsBroken("nan"), name);
    String flaky = "data.train=flaky:" + data.resolve("train");
    FlakyFileSystem.timeOutEvery(23);
    Path hiccups = train("hiccups", data, SKIP, flaky);
    assertThat(FlakyFileSystem.heal()).isGreaterThan(100);
    Path calm = train("calm", data, SKIP, flaky, "data.columns.image_embedding=Image_Embedding");
    assertThat(tensors(hiccups)).isEqualTo(tensors(calm));
    assertThat(skipped(hiccups)).isEqualTo(skipped(calm)).hasSize(1);
    FlakyFileSystem.timeOutFrom(60);
    assertThatThrownBy(
            () -> train("away", data, SKIP, flaky, "data.columns.image_embedding=imagE_embedding"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.STORAGE));
  }

  @Test
  void moreBadShardsThanAllowedEndTheRunAndAreListed() throws IOException {
    Path data = copy("data");
    broken(data, "empty", "part-yyy.parquet");
    broken(data, "truncated", "part-zzz.parquet");
    assertThatThrownBy(() -> train("many", data, SKIP, "data.max_bad_shards=1"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.DATA))
        .hasMessageContainingAll("skipped.jsonl", "data.max_bad_shards = 1", "found 2");
    assertThat(skipped(temp.resolve("many"))).hasSize(2);
    train("many", data, SKIP, "data.max_bad_shards=2");
  }
}
