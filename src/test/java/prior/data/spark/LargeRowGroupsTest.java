package prior.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import prior.data.EncodingColumns;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.WorkUnit;
import prior.fault.UserFault;

/** Row groups too large to be read at once, by a limit small enough for a test. */
class LargeRowGroupsTest {
  private static final String FIXTURES = "src/test/resources/data/parquet/";
  private static final PairColumns KEYED = PairColumns.prepared();
  private static final String LIST =
      "optional group %s (LIST) { repeated group list { required float element; } }";
  private static final String SCHEMA =
      "message m { "
          + LIST.formatted("text_embedding")
          + LIST.formatted("image_embedding")
          + " required binary key (STRING); }";

  private final Configuration conf = new Configuration();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"list", "plain", "pages_v2", "double", "duckdb"})
  void slicesOfOtherWritersHoldTheRowsOfTheWhole(String name) {
    assertSlicesAreTheWhole(FIXTURES + name + ".parquet", KEYED, 2 * 28);
  }

  @Test
  void slicesOfBinaryVectorsHoldTheRowsOfTheWhole() {
    conf.set("prior.text_width", "4");
    conf.set("prior.image_width", "3");
    PairColumns bare = PairColumns.of("text_embedding", "image_embedding", Optional.empty());
    assertSlicesAreTheWhole(FIXTURES + "fixed_fp16.parquet", bare, 2 * 28);
  }

  @ParameterizedTest
  @CsvSource({
    "UNCOMPRESSED, PARQUET_1_0, true",
    "SNAPPY, PARQUET_1_0, true",
    "GZIP, PARQUET_2_0, true",
    "ZSTD, PARQUET_2_0, false",
    "SNAPPY, PARQUET_2_0, true",
    "UNCOMPRESSED, PARQUET_2_0, false",
    "ZSTD, PARQUET_1_0, false"
  })
  void slicesOfEveryEncodingHoldTheRowsOfTheWhole(
      CompressionCodecName codec, WriterVersion version, boolean dictionary) throws IOException {
    Path file = folder.resolve("large.parquet");
    OldLists.write(
        file,
        SCHEMA,
        500,
        6,
        4,
        writer ->
            writer
                .withCompressionCodec(codec)
                .withWriterVersion(version)
                .withDictionaryEncoding(dictionary)
                .withPageWriteChecksumEnabled(true)
                .withPageSize(256)
                .withMinRowCountForPageSizeCheck(1));
    assertSlicesAreTheWhole(file.toString(), KEYED, 100 * 40);
  }

  /** The slices of every row group are bounded, and together its rows in order. */
  private void assertSlicesAreTheWhole(String file, PairColumns columns, long limit) {
    List<WorkUnit> whole = ParquetPairs.plan(conf, file, columns);
    List<WorkUnit> slices = ParquetPairs.plan(conf, file, columns, new Slicing(limit));
    assertThat(whole).allMatch(WorkUnit::whole);
    assertThat(slices).hasSizeGreaterThan(whole.size());
    assertThat(slices).extracting(WorkUnit::rowGroup).isSorted();
    PairBlock expected = Blocks.join(read(whole, columns));
    List<PairBlock> blocks = read(slices, columns);
    assertThat(blocks)
        .allSatisfy(
            block ->
                assertThat(4L * (block.text().length + block.image().length))
                    .isLessThanOrEqualTo(limit));
    PairBlock found = Blocks.join(blocks);
    assertThat(found.text()).containsExactly(expected.text());
    assertThat(found.image()).containsExactly(expected.image());
    assertThat(found.rowIds()).containsExactly(expected.rowIds());
  }

  private List<PairBlock> read(List<WorkUnit> units, PairColumns columns) {
    return units.stream().map(unit -> ParquetPairs.read(conf, unit, columns)).toList();
  }

  @Test
  void encodingsOfASliceAreThoseOfItsRows() {
    PairColumns columns =
        new PairColumns(
            Optional.of("text_embedding"),
            "image_embedding",
            Optional.of(new EncodingColumns("TOKENS", 4, null)),
            Optional.empty(),
            List.of());
    List<WorkUnit> slices =
        ParquetPairs.plan(conf, FIXTURES + "encodings.parquet", columns, new Slicing(1)).stream()
            .filter(unit -> unit.rowGroup() == 1)
            .toList();
    assertThat(slices).extracting(WorkUnit::from).containsExactly(0, 1, 2);
    assertThat(ParquetPairs.read(conf, slices.get(0), columns).encodings())
        .containsExactly(3, 3, 3, 3);
    assertThat(ParquetPairs.read(conf, slices.get(2), columns).encodings())
        .containsExactly(5, 5, 5, 5, 5.25f, 5.25f, 5.25f, 5.25f, 5.5f, 5.5f, 5.5f, 5.5f);
  }

  @Test
  void theFirstSliceLeavesTheRestOfItsRowGroupInTheFile() throws IOException {
    Path file = folder.resolve("far.parquet");
    OldLists.write(
        file,
        SCHEMA,
        20_000,
        16,
        16,
        writer ->
            writer.withDictionaryEncoding(false).withPageSize(8192).withPageRowCountLimit(1000));
    WorkUnit first = ParquetPairs.plan(conf, file.toString(), KEYED, new Slicing(100_000)).get(0);
    FileSystem.clearStatistics();
    ParquetPairs.read(conf, first, KEYED);
    long read = FileSystem.getGlobalStorageStatistics().get("file").getLong("bytesRead");
    assertThat(read).isPositive().isLessThan(Files.size(file) / 4);
  }

  @Test
  void aBrokenRowOfASliceIsNamedByItsPlaceInRowGroupAndFile() {
    List<WorkUnit> slices =
        ParquetPairs.plan(conf, FIXTURES + "nan.parquet", KEYED, new Slicing(1));
    assertThatThrownBy(() -> ParquetPairs.read(conf, slices.get(4), KEYED))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("nan.parquet, row group 1, row 1 (row 4 of the file): not finite");
  }

  @Test
  void everyFlippedByteEndsInTheRowsOfTheWholeOrInAFaultThatNamesTheFile() throws IOException {
    Path plain = Path.of(FIXTURES + "plain.parquet");
    byte[] bytes = Files.readAllBytes(plain);
    List<WorkUnit> slices =
        ParquetPairs.plan(conf, plain.toString(), KEYED, new Slicing(1)).stream()
            .map(
                unit ->
                    new WorkUnit(
                        folder.resolve("flipped.parquet").toString(),
                        unit.rowGroup(),
                        unit.groupRows(),
                        unit.from(),
                        unit.rows()))
            .toList();
    for (int at = 0; at < bytes.length; at += 7) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 0x10;
      Path file = Files.write(folder.resolve("flipped.parquet"), flipped);
      try {
        PairBlock found = Blocks.join(read(slices, KEYED));
        List<WorkUnit> whole = ParquetPairs.plan(conf, file.toString(), KEYED);
        assertThat(found.text()).containsExactly(Blocks.join(read(whole, KEYED)).text());
      } catch (UserFault fault) {
        assertThat(fault).hasMessageContaining("flipped.parquet");
      }
    }
  }

  @Test
  void rowGroupsThatFitStayWholeAndNothingIsSaidOfThem() {
    Slicing slicing = new Slicing(4096 * 32_768L);
    WorkUnit fits = new WorkUnit("a.parquet", 0, 32_768);
    assertThat(slicing.units(fits, 4096)).containsExactly(fits);
    assertThat(slicing.warning()).isEmpty();
  }

  @Test
  void aMillionRowsAreCutIntoEqualSlicesAndTheLargestIsNamed() {
    Slicing slicing = new Slicing(ParquetPairs.WHOLE_BYTES);
    List<WorkUnit> units = slicing.units(new WorkUnit("a.parquet", 3, 1 << 20), 4096);
    slicing.units(new WorkUnit("b.parquet", 0, 1 << 17), 4096);
    assertThat(units).hasSize(32).allMatch(unit -> unit.rows() == 1 << 15);
    assertThat(units).extracting(WorkUnit::from).startsWith(0, 1 << 15).endsWith(31 << 15);
    assertThat(slicing.warning().orElseThrow())
        .startsWith("a.parquet, row group 3: its 1,048,576 rows take 4,294,967,296 bytes in memory")
        .contains("more than the 268,435,456 that are read at once (2 row groups do)")
        .contains("in slices of 32,768 rows")
        .contains("prepare the data (PriorPrepareJob) or write smaller row groups");
  }

  @Test
  void rowsThatDoNotDivideAreAllPlannedOnce() {
    List<WorkUnit> units = new Slicing(1000).units(new WorkUnit("a.parquet", 0, 1003), 7);
    assertThat(units.stream().mapToInt(WorkUnit::rows).sum()).isEqualTo(1003);
    for (int i = 1; i < units.size(); i++) {
      assertThat(units.get(i).from()).isEqualTo(units.get(i - 1).from() + units.get(i - 1).rows());
    }
    assertThat(units).allMatch(unit -> unit.rows() * 7 <= 500);
  }
}
