package prior.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import prior.data.ByteSource;
import prior.data.FloatFormat;
import prior.data.NpyReader;
import prior.data.NpyWriter;
import prior.data.PairColumns;
import prior.data.Split;
import prior.fault.UserFault;

/** Shards of 10 rows, 5 of them, each broken in its own way. */
@Tag("spark")
class BadPairsTest {
  private static final int WIDTH = 16;

  private final SparkSession spark = LocalSpark.session();
  private Path input;

  @TempDir Path folder;

  @BeforeEach
  void makePairs() {
    input = folder.resolve("in");
    SyntheticFolder.write(spark, input.toString(), false, 7, WIDTH, 50, 10);
  }

  @Test
  void countsThatDifferAreNamedByFile() throws IOException {
    change("img_emb/img_emb_3.npy", 9, WIDTH, -1, 0);
    assertFails(
        "img_emb_3.npy: unpaired in row counts, "
            + "expected 10 rows as in metadata/metadata_3.parquet, found 9 rows");
    assertSkips(10, "unpaired");
  }

  @Test
  void aShardWithoutItsOtherSideIsNamed() throws IOException {
    Files.delete(input.resolve("text_emb/text_emb_2.npy"));
    assertFails(
        "img_emb/img_emb_2.npy: unpaired in text_emb/text_emb_2.npy, expected a file, found none");
    assertSkips(10, "unpaired");
  }

  @Test
  void aShardOfAnotherWidthIsNamed() throws IOException {
    change("text_emb/text_emb_1.npy", 10, WIDTH + 1, -1, 0);
    assertFails(
        "text_emb_1.npy: wrong width in all rows, "
            + "expected 16 numbers as in most rows of text_emb, found 17 numbers");
    assertSkips(10, "wrong width");
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, not finite, 'expected finite numbers, found NaN at position 0'",
    "-Infinity, not finite, 'expected finite numbers, found -Infinity at position 0'",
    "0, zero vector, 'expected a vector to normalise, found only zeros'"
  })
  void aBrokenVectorIsNamedByFileAndRow(float value, String reason, String rest)
      throws IOException {
    change("img_emb/img_emb_4.npy", 10, WIDTH, 7, value);
    assertFails(
        "metadata/metadata_4.parquet, row 7: "
            + reason
            + " in file:"
            + input
            + "/img_emb/img_emb_4.npy, "
            + rest);
    assertSkips(1, reason);
    assertThat(skipped().get(0)).contains("\"row\":7", "metadata_4.parquet");
  }

  @Test
  void aTruncatedShardIsNamed() throws IOException {
    Path file = input.resolve("img_emb/img_emb_0.npy");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 200));
    Files.deleteIfExists(input.resolve("img_emb/.img_emb_0.npy.crc"));
    assertFails(
        "img_emb_0.npy: bytes missing at the end, expected 448 bytes for 10 x 16 <f2, found 200 bytes");
    PreparedStatistics statistics = prepare(true, 0);
    assertThat(statistics.all().rows()).isEqualTo(40);
    assertThat(skipped()).singleElement().asString().contains("bytes missing at the end");
  }

  @Test
  void moreBadRowsThanAllowedEndTheWork() throws IOException {
    change("img_emb/img_emb_4.npy", 10, WIDTH, 7, Float.NaN);
    change("text_emb/text_emb_1.npy", 10, WIDTH, 2, 0);
    assertThatThrownBy(() -> prepare(true, 1))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("too many bad rows, expected at most 1, found");
    assertNothingLeft();
    assertThat(prepare(true, 2).skipped()).containsOnlyKeys("not finite", "zero vector");
  }

  @Test
  void aFolderWithoutMetadataIsNotOfClipRetrieval() throws IOException {
    Files.move(input.resolve("metadata"), folder.resolve("elsewhere"));
    assertThatThrownBy(() -> prepare(false, 0))
        .hasMessageContaining(
            "not a clip-retrieval folder, expected a folder metadata, found none");
  }

  @Test
  void shardsAreMatchedByNumberHoweverPadded() throws IOException {
    for (int i = 0; i < 5; i++) {
      Files.delete(input.resolve("text_emb/.text_emb_" + i + ".npy.crc"));
      Files.move(
          input.resolve("text_emb/text_emb_" + i + ".npy"),
          input.resolve("text_emb/text_emb_000" + i + ".npy"));
    }
    assertThat(prepare(false, 0).baselineCosine()).isBetween(0.25, 0.35);
  }

  @Test
  void brokenRowsOfParquetAreNamedAndSkipped() throws IOException {
    input = folder.resolve("parquet");
    Files.createDirectories(input);
    for (String name :
        new String[] {"plain", "nan", "null_row", "short_row", "null_element", "zero"}) {
      Files.copy(
          Path.of("src/test/resources/data/parquet/" + name + ".parquet"),
          input.resolve(name + ".parquet"));
    }
    assertThatThrownBy(() -> prepare(false, 0))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(".parquet, row 4: ");
    PreparedStatistics statistics = prepare(true, 5);
    assertThat(statistics.all().rows()).isEqualTo(6 * 7 - 5);
    assertThat(statistics.skipped())
        .containsOnly(
            Map.entry("missing", 2L),
            Map.entry("not finite", 1L),
            Map.entry("wrong width", 1L),
            Map.entry("zero vector", 1L));
    assertThat(skipped()).hasSize(5).isSorted().allMatch(line -> line.contains("\"row\":4"));
  }

  private void assertFails(String message) throws IOException {
    assertThatThrownBy(() -> prepare(false, 0))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(message);
    assertNothingLeft();
  }

  private void assertSkips(int rows, String reason) throws IOException {
    assertThatThrownBy(() -> prepare(true, rows - 1)).hasMessageContaining("too many bad rows");
    assertNothingLeft();
    PreparedStatistics statistics = prepare(true, rows);
    assertThat(statistics.all().rows()).isEqualTo(50 - rows);
    assertThat(statistics.skipped()).containsOnly(Map.entry(reason, (long) rows));
    assertThat(skipped()).hasSize(1);
    assertThat(spark.read().parquet(folder.resolve("out/train").toString()).count())
        .isEqualTo(statistics.rows(Split.TRAIN));
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactly(input.getFileName().toString());
    }
  }

  private List<String> skipped() throws IOException {
    return Files.readAllLines(folder.resolve("out/_skipped.jsonl"));
  }

  private PreparedStatistics prepare(boolean skip, long max) {
    PairColumns columns = PairColumns.of("text_embedding", "image_embedding", Optional.empty());
    return PairPreparation.run(
        spark,
        new Preparation(
            input.toString(),
            folder.resolve("out").toString(),
            false,
            columns,
            "c",
            0.2,
            0.2,
            1,
            8,
            100,
            skip,
            max));
  }

  /** Rewrites a shard with other rows or width, or with one value all over a row. */
  private void change(String name, int rows, int width, int row, float value) throws IOException {
    Path file = input.resolve(name);
    float[] values = new float[10 * WIDTH];
    try (NpyReader reader = NpyReader.open(ByteSource.of(file))) {
      reader.readRows(values, 10);
    }
    values = Arrays.copyOf(values, rows * width);
    if (row >= 0) {
      Arrays.fill(values, row * width, (row + 1) * width, value);
    }
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    try (NpyWriter writer =
        new NpyWriter(Files.newOutputStream(file), FloatFormat.FP16, rows, width)) {
      writer.writeRows(values, rows);
    }
  }
}
