package prior.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import prior.data.EncodingColumns;
import prior.data.KeyHash;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.WorkUnit;
import prior.fault.UserFault;

class ParquetPairsTest {
  private static final String FIXTURES = "src/test/resources/data/parquet/";
  private static final PairColumns KEYED = PairColumns.prepared();
  private static final PairColumns BARE =
      PairColumns.of("text_embedding", "image_embedding", Optional.empty());

  private final Configuration conf = new Configuration();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"list", "plain", "pages_v2", "double", "duckdb"})
  void listsOfOtherWritersAreRead(String name) {
    assertHoldsTheNumbers(read(name, KEYED), 4, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed_fp16", "declared_binary"})
  void binaryVectorsOfDeclaredWidthAreRead(String name) {
    conf.set("prior.text_width", "4");
    conf.set("prior.image_width", "3");
    assertHoldsTheNumbers(read(name, BARE), 4, 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repeated float %s;",
        "optional group %s (LIST) { repeated float array; }",
        "optional group %s (LIST) { repeated group bag { optional double array; } }",
        "optional group %s { required int32 type; optional int32 size; optional group indices (LIST)"
            + " { repeated group list { required int32 element; } }"
            + " optional group values (LIST) { repeated group list { required double element; } } }"
      })
  void olderListsAndSparkVectorsAreRead(String field) throws IOException {
    String schema = "message m { " + field + " " + field + " required binary key (STRING); }";
    Path file = folder.resolve("old.parquet");
    OldLists.write(file, schema.formatted("text_embedding", "image_embedding"), 7, 4, 3);
    PairBlock block = ParquetPairs.read(conf, new WorkUnit(file.toString(), 0, 7), KEYED);
    assertHoldsTheNumbers(block, 4, 3);
  }

  @Test
  void aBinarySideIsAsWideAsTheOtherSide() {
    assertHoldsTheNumbers(read("mixed_binary", BARE), 4, 4);
  }

  @Test
  void binaryVectorsOfUnknownWidthAreRefusedWithTheWayOut() {
    assertThatThrownBy(() -> plan("fixed_fp16", BARE))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("width of binary column text_embedding is not declared")
        .hasMessageContaining("--conf spark.hadoop.prior.text_width=N");
  }

  @Test
  void thePlanListsRowGroupsInOrder() {
    List<WorkUnit> units = plan("list", KEYED);
    assertThat(units).extracting(WorkUnit::rows).containsExactly(3, 3, 1);
    assertThat(units).extracting(WorkUnit::rowGroup).containsExactly(0, 1, 2);
    assertThat(units).allMatch(unit -> unit.file().endsWith("/list.parquet"));
  }

  @Test
  void aFolderIsPlannedByFileNameWithoutHiddenFiles() throws IOException {
    copy("plain", "b/part-1.parquet");
    copy("plain", "part-0.parquet");
    copy("plain", "_part-2.parquet");
    Files.writeString(folder.resolve("notes.txt"), "no table");
    assertThat(ParquetPairs.plan(conf, folder.toString(), KEYED))
        .extracting(unit -> unit.file().substring(unit.file().indexOf(folder.toString())))
        .extracting(file -> file.substring(folder.toString().length()))
        .containsExactly(
            "/b/part-1.parquet",
            "/b/part-1.parquet",
            "/b/part-1.parquet",
            "/part-0.parquet",
            "/part-0.parquet",
            "/part-0.parquet");
  }

  @Test
  void idsComeFromTheKeyWhateverItsTypeOrFile() {
    long[] ids = new long[7];
    Arrays.setAll(ids, i -> KeyHash.of("k" + i));
    assertThat(read("plain", KEYED).rowIds()).containsExactly(ids);
    assertThat(read("duckdb", KEYED).rowIds()).containsExactly(ids);
    Arrays.setAll(ids, i -> KeyHash.of(Integer.toString(i)));
    assertThat(read("double", KEYED).rowIds()).containsExactly(ids);
  }

  @Test
  void withoutAKeyIdsComeFromFileNameAndRowInTheFile() {
    long[] ids = new long[7];
    Arrays.setAll(ids, i -> KeyHash.ofPlace("plain.parquet", i));
    assertThat(read("plain", BARE).rowIds()).containsExactly(ids);
  }

  @Test
  void encodingsArePaddedToTheLongestRowOfTheRowGroup() {
    PairColumns columns =
        new PairColumns(
            Optional.of("text_embedding"),
            "image_embedding",
            Optional.of(new EncodingColumns("TOKENS", 4, null)),
            Optional.empty(),
            List.of());
    List<WorkUnit> units = plan("encodings", columns);
    PairBlock block = ParquetPairs.read(conf, units.get(1), columns);
    assertThat(block.encodingRows()).isEqualTo(3);
    assertThat(block.encodings()).hasSize(3 * 3 * 4);
    assertThat(Arrays.copyOf(block.encodings(), 12))
        .containsExactly(3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(Arrays.copyOfRange(block.encodings(), 24, 36))
        .containsExactly(5, 5, 5, 5, 5.25f, 5.25f, 5.25f, 5.25f, 5.5f, 5.5f, 5.5f, 5.5f);
    assertThat(ParquetPairs.read(conf, units.get(2), columns).encodingRows()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "null_row, 'missing in text_embedding, expected 4 numbers, found none'",
    "empty_row, 'missing in text_embedding, expected 4 numbers, found none'",
    "null_element, 'missing in text_embedding, expected 4 numbers, found null at position 1'",
    "short_row, 'wrong width in text_embedding, expected 4 numbers, found 3 numbers'",
    "long_row, 'wrong width in text_embedding, expected 4 numbers, found 5 numbers'",
    "nan, 'not finite in text_embedding, expected finite numbers, found NaN at position 2'",
    "infinite, 'not finite in image_embedding, expected finite numbers, found -Infinity at position 1'"
  })
  void aBrokenRowIsNamedByFileRowGroupAndRow(String name, String message) {
    assertThatThrownBy(() -> read(name, KEYED))
        .isInstanceOf(UserFault.class)
        .hasMessageEndingWith(
            name + ".parquet, row group 1, row 1 (row 4 of the file): " + message);
  }

  @Test
  void aMissingKeyIsNamed() {
    assertThatThrownBy(() -> read("null_key", KEYED))
        .hasMessageEndingWith(
            "row 1 (row 4 of the file): no key in key, expected a key, found null");
  }

  @Test
  void aVectorOfZerosIsData() {
    assertThat(read("zero", KEYED).rows()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({
    "strings, column text_embedding is not a vector, binary text_embedding (STRING)",
    "integers, column image_embedding is not a vector, int32 element",
    "half_list, a column of a type newer than this reader, FLOAT16"
  })
  void typesThatAreNoVectorsAreNamed(String name, String reason, String found) {
    assertThatThrownBy(() -> plan(name, BARE))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(name + ".parquet: " + reason)
        .hasMessageContaining("array<float>")
        .hasMessageContaining(found);
  }

  /** After some thousands a JVM throws Parquet's exception without a stack trace. */
  @Test
  void aNewerTypeIsNamedHoweverOftenOneIsMet() {
    for (int i = 0; i < 20_000; i++) {
      assertThatThrownBy(() -> plan("half_list", BARE)).hasMessageContaining("FLOAT16");
    }
  }

  @Test
  void aMissingColumnIsAnsweredWithTheColumnsThereAre() {
    PairColumns columns = PairColumns.of("vector", "image_embedding", Optional.empty());
    assertThatThrownBy(() -> plan("list", columns))
        .hasMessageContaining(
            "no such column, expected one column vector, "
                + "found (Text_Embedding, IMAGE_embedding, Key)");
  }

  @Test
  void filesOfDifferentWidthsAreRefusedTogether() throws IOException {
    copy("plain", "a.parquet");
    copy("mixed_binary", "b.parquet");
    assertThatThrownBy(() -> ParquetPairs.plan(conf, folder.toString(), BARE))
        .hasMessageContaining("b.parquet: width differs, expected text 4 and image 3 as in")
        .hasMessageEndingWith("found text 4 and image 4");
  }

  @Test
  void everyTruncationIsRefusedByName() throws IOException {
    byte[] whole = Files.readAllBytes(Path.of(FIXTURES + "plain.parquet"));
    for (int length = 0; length < whole.length; length += 13) {
      Path file = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> ParquetPairs.plan(conf, file.toString(), KEYED))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("cut.parquet");
    }
  }

  @Test
  void everyFlippedByteEndsInTheSameNumbersOrInAFaultThatNamesTheFile() throws IOException {
    byte[] whole = Files.readAllBytes(Path.of(FIXTURES + "plain.parquet"));
    for (int at = 0; at < whole.length; at += 7) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x10;
      Path file = Files.write(folder.resolve("flipped.parquet"), flipped);
      try {
        for (WorkUnit unit : ParquetPairs.plan(conf, file.toString(), KEYED)) {
          ParquetPairs.read(conf, unit, KEYED);
        }
      } catch (UserFault fault) {
        assertThat(fault).hasMessageContaining("flipped.parquet");
      }
    }
  }

  @Test
  void metadataOfAFileIsReadable() {
    assertThat(ParquetPairs.metadata(conf, FIXTURES + "declared_binary.parquet"))
        .containsEntry(PairMetadata.CLIP, "ViT-X");
  }

  @Test
  void whatIsNotThereIsAStorageFault() {
    assertThatThrownBy(() -> ParquetPairs.plan(conf, FIXTURES + "nowhere", KEYED))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("nowhere");
  }

  private List<WorkUnit> plan(String name, PairColumns columns) {
    return ParquetPairs.plan(conf, FIXTURES + name + ".parquet", columns);
  }

  /** All row groups as one block. */
  private PairBlock read(String name, PairColumns columns) {
    List<PairBlock> blocks =
        plan(name, columns).stream().map(unit -> ParquetPairs.read(conf, unit, columns)).toList();
    return Blocks.join(blocks);
  }

  private void copy(String name, String target) throws IOException {
    Files.createDirectories(folder.resolve(target).getParent());
    Files.copy(Path.of(FIXTURES + name + ".parquet"), folder.resolve(target));
  }

  private static void assertHoldsTheNumbers(PairBlock block, int textWidth, int imageWidth) {
    assertThat(block.rows()).isEqualTo(7);
    assertThat(block.textWidth()).isEqualTo(textWidth);
    assertThat(block.imageWidth()).isEqualTo(imageWidth);
    assertThat(block.text()).containsExactly(numbers(7 * textWidth));
    assertThat(block.image()).containsExactly(numbers(7 * imageWidth));
  }

  private static float[] numbers(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i / 8f - 1;
    }
    return values;
  }
}
