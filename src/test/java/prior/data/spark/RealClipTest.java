package prior.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.Split;
import prior.data.WorkUnit;

@Tag("spark")
class RealClipTest {
  private static final Path REAL = Path.of("../shared/real-clip");

  @TempDir Path folder;

  @Test
  void productsArePreparedWithTheirKnownFigures() throws Exception {
    PreparedStatistics statistics = prepare("products", Optional.empty());
    assertThat(statistics.all().rows()).isEqualTo(1126);
    assertThat(statistics.baselineCosine()).isCloseTo(0.35868, within(1e-5));
    assertThat(statistics.textWidth()).isEqualTo(512);
    assertThat(statistics.imageWidth()).isEqualTo(512);
    assertThat(statistics.rows(Split.VAL)).isBetween(90L, 135L);
    assertThat(statistics.rows(Split.TEST)).isBetween(90L, 135L);
    assertThat(statistics.all().normalised()).isTrue();
    assertThat(Files.readString(folder.resolve("out/_stats.json")))
        .contains("\"clip\" : \"ViT-B/32\"", "\"rows\" : 1126", "\"image_std\" : [");
  }

  @Test
  void fiveCaptionsOfOnePhotographStayInOneSplit() {
    prepare("flickr8k", Optional.of("image_path"));
    Dataset<Row> all = LocalSpark.session().read().parquet(out("train"), out("val"), out("test"));
    assertThat(all.count()).isEqualTo(500);
    assertThat(
            all.selectExpr("key", "split(input_file_name(), '/out/')[1] file").distinct().count())
        .isEqualTo(all.select("key").distinct().count())
        .isEqualTo(100);
    assertThat(all.filter("key != image_path").count()).isZero();
  }

  @Test
  void preparedPairsAreReadBackAsTrainingReadsThem() {
    prepare("products", Optional.empty());
    Configuration conf = new Configuration();
    List<WorkUnit> units = ParquetPairs.plan(conf, out("train"), PairColumns.prepared());
    PairBlock block =
        Blocks.join(
            units.stream()
                .map(unit -> ParquetPairs.read(conf, unit, PairColumns.prepared()))
                .toList());
    assertThat(units.subList(0, units.size() - 1)).allMatch(unit -> unit.rows() == 100);
    assertThat(block.rowIds()).doesNotHaveDuplicates().hasSize(block.rows());
  }

  private PreparedStatistics prepare(String name, Optional<String> key) {
    boolean there = Files.isDirectory(REAL.resolve(name));
    if (!there) {
      System.err.println("SKIPPED: no real CLIP pairs at " + REAL.resolve(name));
    }
    Assumptions.assumeTrue(there, "no real CLIP pairs at " + REAL.resolve(name));
    PairColumns columns = PairColumns.of("text_embedding", "image_embedding", key);
    return PairPreparation.run(
        LocalSpark.session(),
        new Preparation(
            REAL.resolve(name).toString(),
            out(""),
            false,
            columns,
            "ViT-B/32",
            0.1,
            0.1,
            42,
            100,
            10_000,
            false,
            0));
  }

  private String out(String split) {
    return folder.resolve("out").resolve(split).toString();
  }
}
