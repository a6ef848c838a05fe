package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Location;
import prior.checkpoint.Tensor;
import prior.checkpoint.Weights;
import prior.conf.ConfLoader;
import prior.data.spark.LocalSpark;
import prior.exchange.Exchanges;
import prior.exchange.Format;
import prior.fault.UserFault;

/** Fine-tuning what PyTorch trained: the reference's weights, 32 wide, on synthetic pairs. */
@Tag("spark")
class StartingPointTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/reference/d2_06_no_text_encodings");

  private static Path data;
  private static Path imported;

  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 100, 32);
    imported =
        Exchanges.imported(
            Format.DALLE2,
            Exchanges.dalle2(GOLDEN, folder.resolve("foreign")),
            folder.resolve("imported"));
  }

  private ConfLoader.Loaded settings(Path run, RunFolder.Mode mode, Path from, String... more) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "train.init_from=" + from,
                "data.train=" + data.resolve("train"),
                "data.columns.key=key",
                "data.batch_size=8",
                "train.max_steps=2",
                "spark.averaging_frequency=2"));
    sets.addAll(List.of(more));
    return StartingPoint.settings(List.of(), sets, run.toString(), mode);
  }

  private Path train(String name, Path from, String... more) {
    Path run = temp.resolve(name);
    RunFolder.Mode mode = RunFolder.Mode.RESUME;
    PriorTraining.run(spark, settings(run, mode, from, more), run.toString(), mode);
    return run;
  }

  private static Map<String, Tensor> weights(Path model, Weights which) {
    return CheckpointStore.weights(
            CheckpointStore.describe(Location.of(model.toString())).folder(), which)
        .stream()
        .filter(tensor -> tensor.name().startsWith("net."))
        .collect(Collectors.toMap(Tensor::name, tensor -> tensor));
  }

  @Test
  void aRunWithoutSettingsHasTheCheckpointsPriorAndBeginsWithItsWeights() {
    Path run = train("unmoved", imported, "train.lr=0", "train.ema_update_after_step=9");
    assertThat(settings(run, RunFolder.Mode.OVERWRITE, imported).settings().prior())
        .isEqualTo(ConfLoader.priorFromReference(config()));
    assertThat(weights(run, Weights.ONLINE)).isEqualTo(weights(imported, Weights.ONLINE));
    assertThat(weights(run, Weights.EMA)).isEqualTo(weights(imported, Weights.ONLINE));
  }

  private static String config() {
    try {
      return new ObjectMapper()
          .readTree(GOLDEN.resolve("case.json").toFile())
          .path("config")
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void fineTuningMovesTheWeightsALittle() {
    Map<String, Tensor> before = weights(imported, Weights.ONLINE);
    Map<String, Tensor> after = weights(train("tuned", imported), Weights.ONLINE);
    String name = "net.causal_transformer.layers.0.0.to_q.weight";
    assertThat(after.get(name)).isNotEqualTo(before.get(name));
    assertThat(after.get(name).values())
        .usingComparatorWithPrecision(0.01f)
        .containsExactly(before.get(name).values());
  }

  @Test
  void aRunBeginsWithTheAverageOfAnotherWhereThatKeepsOne() {
    Path first = train("first", imported, "train.ema_beta=0.5", "train.lr=1e-2");
    assertThat(weights(first, Weights.EMA)).isNotEqualTo(weights(first, Weights.ONLINE));
    Path second = train("second", first, "train.lr=0");
    assertThat(weights(second, Weights.ONLINE)).isEqualTo(weights(first, Weights.EMA));
  }

  @Test
  void aResumedRunGoesOnWithoutLookingAtItsStart() throws IOException {
    Path start =
        Exchanges.imported(
            Format.DALLE2,
            Exchanges.dalle2(GOLDEN, temp.resolve("foreign")),
            temp.resolve("start"));
    Path whole = train("whole", start, "train.max_steps=4");
    Path stopped = train("stopped", start);
    Files.move(start, temp.resolve("elsewhere"));
    train("stopped", start, "train.max_steps=4");
    assertThat(weights(stopped, Weights.ONLINE)).isEqualTo(weights(whole, Weights.ONLINE));
  }

  @Test
  void settingsThatMakeAnotherNetworkAreRefusedByKey() {
    assertThatThrownBy(
            () ->
                settings(
                    temp.resolve("run"),
                    RunFolder.Mode.RESUME,
                    imported,
                    "prior.net.heads=4",
                    "prior.net.depth=7",
                    "prior.net.attn_dropout=0.1",
                    "prior.cond_drop_prob=0.2"))
        .isInstanceOf(UserFault.class)
        .hasMessageContainingAll("prior.net.heads: expected 2, found 4", "prior.net.depth")
        .hasMessageNotContaining("dropout")
        .hasMessageNotContaining("cond_drop_prob");
  }

  @Test
  void aStartThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () -> settings(temp.resolve("run"), RunFolder.Mode.RESUME, temp.resolve("nowhere")))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("nowhere");
  }
}
