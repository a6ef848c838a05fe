package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Location;
import prior.data.spark.LocalSpark;

/** What follows from validation: which checkpoint is best, and when a run ends. */
@Tag("spark")
class EarlyStopTest {
  /** A gain that no round makes after the first: a run ends after three. */
  private static final String[] IMPATIENT = {
    "validation.metric=loss", "validation.patience=2", "validation.min_delta=10"
  };

  private static Path data;

  private final ValidatedRuns runs =
      new ValidatedRuns(
          JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext()), data);

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 300);
  }

  @Test
  void aRunOutOfPatienceEndsWithACheckpointAndStartedAgainDoesNothing() throws IOException {
    Path run = runs.train(temp.resolve("stopped"), IMPATIENT);
    assertThat(ValidatedRuns.validations(run)).hasSize(3);
    assertThat(ValidatedRuns.pointer(run, "LATEST")).isEqualTo("round-00000003");
    TreeMap<String, String> before = SmallRuns.bytes(run);
    runs.train(run, IMPATIENT);
    assertThat(SmallRuns.bytes(run)).isEqualTo(before);
    runs.train(run, IMPATIENT[0], "validation.patience=100");
    assertThat(ValidatedRuns.pointer(run, "LATEST")).isEqualTo("round-00000006");
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(6);
  }

  @Test
  void bestIsTheRoundWithTheLowestLossAndTheModelThatIsTaken() {
    Path run = runs.train(temp.resolve("best"), "validation.metric=loss", "train.lr=3e-2");
    int best = 0;
    double lowest = Double.POSITIVE_INFINITY;
    for (var line : ValidatedRuns.validations(run)) {
      double loss = line.at("/ema/loss").asDouble();
      assertThat(line.at("/best").asBoolean()).isEqualTo(loss < lowest);
      if (loss < lowest) {
        lowest = loss;
        best = line.at("/round").asInt();
      }
    }
    String name = "round-%08d".formatted(best);
    assertThat(ValidatedRuns.pointer(run, "BEST")).isEqualTo(name);
    assertThat(CheckpointStore.describe(Location.of(run.toString())).folder().name())
        .isEqualTo(name);
  }

  @Test
  void aRunKilledBetweenAnyTwoFilesDecidesAsOneThatWasNot() throws IOException {
    String[] sets = {
      "validation.metric=loss", "validation.patience=3", "validation.min_delta=0.01"
    };
    Path whole = runs.train(temp.resolve("whole"), sets);
    for (int round = 0; round <= ValidatedRuns.validations(whole).size(); round++) {
      if (round > 0 && !Files.exists(whole.resolve("checkpoints/round-%08d".formatted(round)))) {
        continue;
      }
      Path killed = ValidatedRuns.killedAfter(round, whole, temp.resolve("killed after " + round));
      runs.train(killed, sets);
      assertThat(ValidatedRuns.validations(killed))
          .as("killed after %d", round)
          .isEqualTo(ValidatedRuns.validations(whole));
      assertThat(ValidatedRuns.pointer(killed, "BEST"))
          .isEqualTo(ValidatedRuns.pointer(whole, "BEST"));
      assertThat(ValidatedRuns.checkpoint(killed, "LATEST"))
          .isEqualTo(ValidatedRuns.checkpoint(whole, "LATEST"));
    }
  }

  @Test
  void aRunKilledWhileItsLinesAreReplacedDecidesAsOneThatWasNot() throws IOException {
    String[] sets = {"validation.metric=loss"};
    Path run = runs.train(temp.resolve("replaced"), sets[0], "train.max_steps=8");
    for (String name : List.of("validation.jsonl", "metrics.jsonl")) {
      Path lines = run.resolve(name);
      String whole = Files.readString(lines);
      Files.writeString(run.resolve("." + name + ".writing"), whole + "{\"round\": 5, \"st");
      Files.delete(lines);
    }
    runs.train(run, sets);
    Path undisturbed = runs.train(temp.resolve("undisturbed"), sets);
    assertThat(ValidatedRuns.validations(run)).isEqualTo(ValidatedRuns.validations(undisturbed));
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(6);
    assertThat(ValidatedRuns.pointer(run, "BEST"))
        .isEqualTo(ValidatedRuns.pointer(undisturbed, "BEST"));
  }

  @Test
  void theBestCheckpointStaysBesideTheLast() throws IOException {
    Path run = temp.resolve("few");
    List<String> sets =
        List.of(
            "train.keep_last=2",
            "train.checkpoint_every_rounds=1",
            "train.on_divergence=ignore",
            "train.use_ema=false",
            "validation.metric=loss");
    runs.train(run, with(sets, "train.max_steps=4"));
    runs.train(run, with(sets, "train.lr=1"));
    assertThat(ValidatedRuns.pointer(run, "BEST")).isEqualTo("round-00000002");
    assertThat(ValidatedRuns.checkpoints(run))
        .extracting(path -> path.getFileName().toString())
        .containsExactly("round-00000002", "round-00000005", "round-00000006");
  }

  private static String[] with(List<String> sets, String more) {
    return Stream.concat(sets.stream(), Stream.of(more)).toArray(String[]::new);
  }
}
