package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.conf.NonFinitePolicy;
import prior.data.spark.LocalSpark;
import prior.train.TrainingState;

/** What parameter averaging must satisfy whatever it averages. */
@Tag("spark")
class AveragingLawsTest {
  private static Path data;

  private final AveragingRuns runs = new AveragingRuns(data);

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
  }

  private TrainingState averaged(
      int workers,
      int steps,
      List<List<String>> rounds,
      BatchLoader loader,
      NonFinitePolicy policy) {
    return runs.averaged(workers, steps, rounds, loader, runs.rules(true, policy), result -> {});
  }

  @Test
  void aWorkerThatMeetsNaNIsLeftOutAndTheOthersAreTheAverage() {
    List<String> batches = runs.batches(4);
    AveragingRuns.Poisoned loader = new AveragingRuns.Poisoned(runs.loader(), batches.get(3));
    TrainingState left = averaged(2, 2, List.of(batches), loader, NonFinitePolicy.DROP);
    TrainingState first = runs.local(batches.subList(0, 2));
    assertThat(left.parameters()).isEqualTo(first.parameters());
    assertThat(left.moments()).isEqualTo(first.moments());
    assertThat(left.ema()).isEqualTo(first.ema());
  }

  @Test
  void aWorkerWithoutExamplesCountsForNothing() {
    List<String> batches = runs.batches(4);
    AveragingRuns.Emptied loader = new AveragingRuns.Emptied(runs.loader(), batches.subList(2, 4));
    TrainingState left = averaged(2, 2, List.of(batches), loader, NonFinitePolicy.FAIL);
    TrainingState first = runs.local(batches.subList(0, 2));
    assertThat(left.parameters()).isEqualTo(first.parameters());
    assertThat(left.moments()).isEqualTo(first.moments());
    assertThat(left.ema()).isEqualTo(first.ema());
  }

  @Test
  void aRoundWithoutExamplesLeavesTheStateAsItWas() {
    List<String> batches = runs.batches(4);
    AveragingRuns.Emptied loader = new AveragingRuns.Emptied(runs.loader(), batches);
    TrainingState left = averaged(2, 2, List.of(batches), loader, NonFinitePolicy.FAIL);
    assertThat(left.parameters()).isEqualTo(runs.fresh().parameters());
    assertThat(left.moments()).isEqualTo(runs.fresh().moments());
    assertThat(left.step()).isEqualTo(2);
  }

  @Test
  void aRoundWithNaNIsLeftOutWholeWhereThatIsAskedFor() {
    List<String> batches = runs.batches(6);
    AveragingRuns.Poisoned loader = new AveragingRuns.Poisoned(runs.loader(), batches.get(1));
    List<List<String>> rounds = List.of(batches.subList(0, 4), batches.subList(4, 6));
    TrainingState left = averaged(2, 1, rounds.subList(0, 1), loader, NonFinitePolicy.ROLLBACK);
    assertThat(left.parameters()).isEqualTo(runs.fresh().parameters());
    assertThat(left.step()).isEqualTo(2);
  }

  @Test
  void aNaNEndsTheRunByDefaultAndNamesWorkerAndStep() {
    List<String> batches = runs.batches(4);
    AveragingRuns.Poisoned loader = new AveragingRuns.Poisoned(runs.loader(), batches.get(3));
    assertThatThrownBy(() -> averaged(2, 2, List.of(batches), loader, NonFinitePolicy.FAIL))
        .hasStackTraceContaining("1 of 2 workers without; worker 1: loss NaN")
        .hasStackTraceContaining("in its step 2");
  }

  @Test
  void whereEveryWorkerMeetsNaNThereIsNothingToAverage() {
    List<String> batches = runs.batches(2);
    AveragingRuns.Poisoned loader = new AveragingRuns.Poisoned(runs.loader(), batches.get(0));
    List<String> both = List.of(batches.get(0), batches.get(0));
    assertThatThrownBy(() -> averaged(2, 1, List.of(both), loader, NonFinitePolicy.DROP))
        .hasStackTraceContaining("2 of 2 workers without");
  }

  @Test
  void oneWorkerIsLocalTrainingToTheBit() {
    List<String> batches = runs.batches(4);
    TrainingState spread =
        runs.averaged(1, 2, List.of(batches.subList(0, 2), batches.subList(2, 4)));
    TrainingState local = runs.local(batches);
    assertThat(spread.parameters()).isEqualTo(local.parameters());
    assertThat(spread.moments()).isEqualTo(local.moments());
    assertThat(spread.ema()).isEqualTo(local.ema());
    assertThat(spread.step()).isEqualTo(4);
  }

  @Test
  void workersThatSeeTheSameAreOneWorker() {
    List<String> batches = runs.batches(2);
    List<String> both = new ArrayList<>(batches);
    both.addAll(batches);
    assertThat(runs.averaged(2, 2, List.of(both)).parameters())
        .isEqualTo(runs.local(batches).parameters());
  }

  @Test
  void theAverageIsTheMeanOfWhatWorkersReachAlone() {
    List<String> batches = runs.batches(4);
    TrainingState spread = runs.averaged(2, 2, List.of(batches));
    TrainingState first = runs.local(batches.subList(0, 2));
    TrainingState second = runs.local(batches.subList(2, 4));
    double moved = 0;
    for (int i = 0; i < spread.parameters().length; i++) {
      double mean = ((double) first.parameters()[i] + second.parameters()[i]) / 2;
      assertThat((double) spread.parameters()[i])
          .isCloseTo(mean, within(1e-7 + 1e-7 * Math.abs(mean)));
      double average = ((double) first.ema()[i] + second.ema()[i]) / 2;
      assertThat((double) spread.ema()[i])
          .isCloseTo(average, within(1e-7 + 1e-7 * Math.abs(average)));
      moved = Math.max(moved, Math.abs(spread.parameters()[i] - runs.fresh().parameters()[i]));
      if (i > 2000) {
        break;
      }
    }
    assertThat(moved).as("the largest change of a parameter").isGreaterThan(1e-5);
  }

  @Test
  void theOrderOfBatchesWithinAWorkerMattersButWhichTaskRunsThemDoesNot() {
    List<String> batches = runs.batches(4);
    List<String> swapped = new ArrayList<>(batches.subList(2, 4));
    swapped.addAll(batches.subList(0, 2));
    float[] one = runs.averaged(2, 2, List.of(batches)).parameters();
    float[] other = runs.averaged(2, 2, List.of(swapped)).parameters();
    for (int i = 0; i < one.length; i++) {
      assertThat(one[i]).isCloseTo(other[i], within(1e-7f + 1e-7f * Math.abs(one[i])));
    }
  }
}
