package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

/** Runs whose learning rate becomes far too high after four rounds. */
@Tag("spark")
class DivergenceTest {
  private static final String[] DIVERGING = {
    "data.val=null",
    "train.lr=3",
    "train.wd=0",
    "train.max_steps=16",
    "train.divergence.window=2",
    "train.divergence.loss_factor=1.5"
  };
  private static final List<String> BACK =
      List.of("train.on_divergence=rollback", "train.divergence.lr_factor=1e-3");

  private static Path data;

  private final ValidatedRuns runs =
      new ValidatedRuns(
          JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext()), data);

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
  }

  /** Four good rounds, then whatever comes. */
  private Path diverge(String name, String... sets) {
    Path run = temp.resolve(name);
    runs.train(run, "data.val=null", "train.wd=0", "train.lr=1e-3", "train.max_steps=8");
    return runs.train(run, sets);
  }

  private static String[] with(List<String> more) {
    return Stream.concat(List.of(DIVERGING).stream(), more.stream()).toArray(String[]::new);
  }

  @Test
  void aLeapOfTheLossEndsTheRunAndNamesWhatWasExpected() {
    assertThatThrownBy(() -> diverge("stopped", DIVERGING))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.DIVERGED))
        .hasMessageContaining("expected a loss of at most")
        .hasMessageContaining("1.5 medians");
  }

  @Test
  void aRolledBackRunGoesOnFromItsCheckpointWithALowerRateAndToTheEnd() {
    Path run = diverge("back", with(BACK));
    JsonNode rollback = ValidatedRuns.lines(run, "rollbacks.jsonl").get(0);
    assertThat(rollback.at("/lr_factor").asDouble()).isEqualTo(1e-3);
    assertThat(rollback.at("/why").asText()).contains("expected a loss of at most");
    assertThat(rollback.at("/to").asLong()).isEqualTo(4);
    assertThat(rollback.at("/round").asLong()).isGreaterThan(4);
    List<JsonNode> rounds = ValidatedRuns.lines(run, "metrics.jsonl");
    assertThat(rounds).hasSize(8);
    for (JsonNode round : rounds) {
      assertThat(round.at("/lr").asDouble())
          .isEqualTo(round.at("/round").asLong() > 4 ? 3 * 1e-3 : 1e-3);
    }
    assertThat(ValidatedRuns.pointer(run, "LATEST")).isEqualTo("round-00000008");
  }

  @Test
  void aRunKilledBeforeOrAfterItsRollbackEndsWithTheSameBytes() throws IOException {
    Path whole = diverge("whole", with(BACK));
    for (int round : new int[] {4, 6}) {
      Path killed = ValidatedRuns.killedAfter(round, whole, temp.resolve("killed after " + round));
      runs.train(killed, with(BACK));
      assertThat(ValidatedRuns.checkpoint(killed, "LATEST"))
          .as("killed after %d", round)
          .isEqualTo(ValidatedRuns.checkpoint(whole, "LATEST"));
      assertThat(ValidatedRuns.lines(killed, "rollbacks.jsonl"))
          .isEqualTo(ValidatedRuns.lines(whole, "rollbacks.jsonl"));
    }
  }

  @Test
  void aRunThatDivergesBeforeItsFirstCheckpointBeginsAnew() {
    Path run =
        runs.train(
            temp.resolve("anew"),
            with(
                List.of(
                    BACK.get(0),
                    BACK.get(1),
                    "train.checkpoint_every_rounds=100",
                    "train.warmup_steps=8")));
    assertThat(ValidatedRuns.lines(run, "rollbacks.jsonl").get(0).at("/to").asLong()).isZero();
    assertThat(ValidatedRuns.lines(run, "metrics.jsonl")).hasSize(8);
  }

  @Test
  void aRunThatGoesOnDivergingEnds() {
    assertThatThrownBy(
            () ->
                diverge(
                    "hopeless",
                    with(
                        List.of(
                            BACK.get(0),
                            "train.divergence.lr_factor=1",
                            "train.divergence.max_rollbacks=2"))))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.DIVERGED));
    assertThat(ValidatedRuns.lines(temp.resolve("hopeless"), "rollbacks.jsonl")).hasSize(2);
  }
}
