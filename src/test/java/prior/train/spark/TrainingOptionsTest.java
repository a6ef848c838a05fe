package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Location;
import prior.checkpoint.StateDict;
import prior.checkpoint.Weights;
import prior.data.spark.LocalSpark;

/** Options of training that planning, workers and checkpoints have to agree about. */
@Tag("spark")
class TrainingOptionsTest {
  private static final String[] ALL = {
    "data.batch_size=4",
    "train.accumulate_steps=2",
    "train.time_sampling=importance",
    "train.lr_schedule=polynomial",
    "train.warmup_steps=3",
    "train.decay_steps=12",
    "prior.loss_weight=min-snr"
  };

  private static Path data;

  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
  }

  private Path train(String name, String... sets) {
    Path run = temp.resolve(name);
    PriorTraining.run(spark, SmallRuns.settings(data, sets), run.toString(), RunFolder.Mode.RESUME);
    return run;
  }

  private static Path latest(Path run) throws IOException {
    return run.resolve("checkpoints").resolve(Files.readString(run.resolve("LATEST")).strip());
  }

  private static String[] and(String... more) {
    String[] all = Arrays.copyOf(ALL, ALL.length + more.length);
    System.arraycopy(more, 0, all, ALL.length, more.length);
    return all;
  }

  @Test
  void withAllOptionsAStoppedRunStillEndsWithTheBytesOfOneThatWasNot() throws IOException {
    Path whole = train("whole", ALL);
    train("stopped", and("train.max_steps=4"));
    Path resumed = train("stopped", ALL);
    assertThat(SmallRuns.bytes(latest(resumed))).isEqualTo(SmallRuns.bytes(latest(whole)));
    List<String> metrics = Files.readAllLines(resumed.resolve("metrics.jsonl"));
    assertThat(metrics.get(5)).contains("\"round\":6,\"step\":12,").contains("\"rows\":32,");
  }

  @Test
  void halfTheBatchAccumulatedTwiceIsTheSameTraining() throws IOException {
    Path whole = train("whole", "spark.workers=1", "train.max_steps=6");
    Path halves =
        train(
            "halves",
            "spark.workers=1",
            "train.max_steps=6",
            "data.batch_size=4",
            "train.accumulate_steps=2");
    assertThat(Files.readString(latest(halves).resolve("progress.json")))
        .isEqualTo(Files.readString(latest(whole).resolve("progress.json")));
    float[] expected = weights(whole);
    assertThat(weights(halves)).containsExactly(expected, within(1e-4f));
  }

  private static float[] weights(Path run) {
    return new StateDict(SmallRuns.settings(data).settings().prior())
        .flat(CheckpointStore.weights(Location.of(run.toString()), Weights.ONLINE));
  }

  @Test
  void anotherSamplingOfTimestepsDoesNotResume() {
    train("run", "train.max_steps=2");
    assertThatThrownBy(() -> train("run", "train.max_steps=4", "train.time_sampling=importance"))
        .hasMessageContaining("train.time_sampling was UNIFORM, is now IMPORTANCE");
  }
}
