package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.conf.BadDataPolicy;
import prior.conf.PriorConf;
import prior.data.PairColumns;
import prior.data.WorkUnit;
import prior.data.spark.LocalSpark;
import prior.data.spark.ParquetPairs;
import prior.data.spark.Slicing;
import prior.model.ImageScaling;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;
import prior.train.BatchSpec;
import prior.train.Draws;
import prior.train.InitialWeights;
import prior.train.RoundPlan;

/** An epoch over a file that is one row group, larger than what may be read at once. */
@Tag("spark")
class SlicedRowGroupTest {
  private static final int ROWS = 300;
  private static final int TEXT = 2;
  private static final PairColumns COLUMNS =
      PairColumns.of("text_embedding", "image_embedding", Optional.empty());

  private final SparkSession session = LocalSpark.session();
  private final JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());

  @TempDir private Path folder;

  /** Pairs whose text embedding begins with the row's number. */
  private void write() {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      Float[] text = new Float[16];
      Float[] image = new Float[16];
      java.util.Arrays.fill(text, 1f);
      java.util.Arrays.fill(image, 0.25f);
      text[0] = (float) row;
      rows.add(RowFactory.create(text, image));
    }
    StructType schema =
        new StructType()
            .add("text_embedding", DataTypes.createArrayType(DataTypes.FloatType))
            .add("image_embedding", DataTypes.createArrayType(DataTypes.FloatType));
    session.createDataFrame(rows, schema).coalesce(1).write().parquet(folder + "/train");
  }

  private PairLoader loader() {
    PriorConf prior = SmallRuns.settings(folder, "prior.cond_drop_prob=0").settings().prior();
    float[] weights = InitialWeights.of(ParameterLayout.of(NetworkShape.of(prior)), 3);
    return new PairLoader(
        prior,
        spark.broadcast(ImageScaling.of(prior, weights)),
        COLUMNS,
        new Draws.Rule(
            5, prior.timesteps(), prior.net().dim(), prior.textDrop(), prior.imageDrop(), 1),
        BadDataPolicy.FAIL,
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())));
  }

  private List<WorkUnit> units(long wholeBytes) {
    return ParquetPairs.plan(
        spark.hadoopConfiguration(), folder + "/train", COLUMNS, new Slicing(wholeBytes));
  }

  /** The rows of the batches of two epochs, in the order in which three workers get them. */
  private List<Integer> rows(List<WorkUnit> units, RoundPlan.Start start) {
    RoundPlan plan = new RoundPlan(units, new RoundPlan.Settings(3, 2, 10, 5, 2, null), start);
    PairLoader loader = loader();
    List<Integer> rows = new ArrayList<>();
    for (long round = plan.firstRound(); round < plan.rounds(); round++) {
      for (List<BatchSpec> worker : plan.round(round)) {
        for (BatchSpec batch : worker) {
          float[] text = loader.read(batch.text()).data().getFeatures(TEXT).dup().data().asFloat();
          for (int i = 0; i < text.length; i += 16) {
            rows.add(Math.round(text[i]));
          }
        }
      }
    }
    return rows;
  }

  @Test
  void everyEpochHasEachRowOnceAndEachEpochAnotherOrder() {
    write();
    List<WorkUnit> slices = units(64 * 128);
    assertThat(slices).hasSizeGreaterThan(4).allMatch(unit -> unit.rows() * 128 <= 32 * 128);
    List<Integer> rows = rows(slices, RoundPlan.Start.FRESH);
    Map<Integer, Integer> uses = new HashMap<>();
    rows.forEach(row -> uses.merge(row, 1, Integer::sum));
    assertThat(rows.subList(0, ROWS)).doesNotHaveDuplicates().hasSize(ROWS);
    assertThat(uses).hasSize(ROWS);
    assertThat(uses.values()).containsOnly(2);
    assertThat(rows.subList(0, ROWS)).isNotEqualTo(rows.subList(ROWS, 2 * ROWS));
    assertThat(rows(slices, new RoundPlan.Start(2, 4, 120)))
        .as("resumed after two rounds")
        .isEqualTo(rows.subList(120, rows.size()));
  }
}
