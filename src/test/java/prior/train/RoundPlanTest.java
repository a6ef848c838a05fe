package prior.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import prior.data.WorkUnit;

class RoundPlanTest {
  private static final List<WorkUnit> UNITS =
      List.of(
          new WorkUnit("a file.parquet", 0, 10),
          new WorkUnit("a file.parquet", 1, 7),
          new WorkUnit("b.parquet", 0, 15));

  private static RoundPlan plan(long seed, int steps) {
    return plan(seed, steps, RoundPlan.Start.FRESH);
  }

  private static RoundPlan plan(long seed, int steps, RoundPlan.Start start) {
    return new RoundPlan(UNITS, new RoundPlan.Settings(2, 3, 4, seed, 1, steps), start);
  }

  private static RoundPlan byEpochs(int workers, int batchSize, int epochs) {
    return new RoundPlan(
        UNITS,
        new RoundPlan.Settings(workers, 3, batchSize, 1, epochs, null),
        RoundPlan.Start.FRESH);
  }

  private static List<BatchSpec> all(RoundPlan plan) {
    List<BatchSpec> batches = new ArrayList<>();
    for (long round = plan.firstRound(); round < plan.rounds(); round++) {
      plan.round(round).forEach(batches::addAll);
    }
    return batches;
  }

  /** How often each row is used, by epoch. */
  private static Map<Long, Map<String, Integer>> uses(RoundPlan plan) {
    Map<Long, Map<String, Integer>> uses = new HashMap<>();
    for (BatchSpec batch : all(plan)) {
      for (BatchSpec.Slice slice : batch.slices()) {
        for (int row = slice.from(); row < slice.to(); row++) {
          String name = slice.unit().file() + slice.unit().rowGroup() + " " + row;
          uses.computeIfAbsent(slice.epoch(), e -> new HashMap<>()).merge(name, 1, Integer::sum);
        }
      }
    }
    return uses;
  }

  @Test
  void everyEpochUsesEachRowOnceAndEveryBatchIsFull() {
    for (int workers : new int[] {1, 2, 3, 7}) {
      for (int batchSize : new int[] {1, 4, 5, 50}) {
        RoundPlan plan = byEpochs(workers, batchSize, 3);
        assertThat(all(plan)).allSatisfy(batch -> assertThat(batch.rows()).isEqualTo(batchSize));
        for (long epoch = 0; epoch < 3; epoch++) {
          assertThat(uses(plan).get(epoch)).hasSize(32);
          assertThat(uses(plan).get(epoch).values()).containsOnly(1);
        }
      }
    }
  }

  @Test
  void workersGetEqualNumbersOfRowsInEveryRound() {
    RoundPlan plan = byEpochs(3, 5, 2);
    for (long round = 0; round < plan.rounds(); round++) {
      assertThat(plan.round(round).stream().map(w -> w.stream().mapToInt(BatchSpec::rows).sum()))
          .containsOnly(5 * plan.steps(round));
    }
  }

  @Test
  void epochsDifferAndSeedsDifferButAPlanIsAlwaysTheSame() {
    assertThat(all(plan(1, 8))).isEqualTo(all(plan(1, 8))).isNotEqualTo(all(plan(2, 8)));
    List<BatchSpec> batches = all(plan(1, 8));
    assertThat(batches.subList(0, 8).stream().map(BatchSpec::slices))
        .isNotEqualTo(batches.subList(8, 16).stream().map(BatchSpec::slices).toList());
  }

  @Test
  void theLastRoundIsShorterWhereStepsDoNotFillIt() {
    RoundPlan plan = plan(1, 7);
    assertThat(plan.rounds()).isEqualTo(3);
    assertThat(plan.round(2)).allSatisfy(worker -> assertThat(worker).hasSize(1));
  }

  @Test
  void aResumedPlanGoesOnWhereAnyRoundEnded() {
    List<BatchSpec> whole = all(plan(1, 12));
    for (int round = 1; round < 4; round++) {
      RoundPlan.Start start = new RoundPlan.Start(round, 3 * round, 24L * round);
      RoundPlan resumed = plan(1, 12, start);
      assertThat(resumed.rounds()).isEqualTo(4);
      assertThat(all(resumed)).isEqualTo(whole.subList(6 * round, 24));
    }
  }

  @Test
  void aPlanResumedOnMoreWorkersUsesTheRowsThatAreLeft() {
    RoundPlan before = byEpochs(2, 4, 2);
    long rows = before.rowsBefore(1);
    RoundPlan resumed =
        new RoundPlan(
            UNITS,
            new RoundPlan.Settings(5, 3, 4, 1, 2, null),
            new RoundPlan.Start(1, before.steps(0), rows));
    Map<Long, Map<String, Integer>> uses = uses(resumed);
    assertThat(uses.get(0L)).hasSize(32 - (int) rows);
    assertThat(uses.get(1L)).hasSize(32);
  }

  @Test
  void aBatchSurvivesItsTextEvenWithBlanksInAFileName() {
    for (BatchSpec batch : all(plan(1, 8))) {
      assertThat(BatchSpec.parse(batch.text())).isEqualTo(batch);
    }
  }

  @Test
  void aBatchOfASliceSurvivesItsTextAndOneOfAWholeRowGroupKeepsItsOwn() {
    WorkUnit slice = new WorkUnit("a file.parquet", 2, 1000, 250, 125);
    WorkUnit first = new WorkUnit("a file.parquet", 2, 1000, 0, 125);
    BatchSpec batch =
        new BatchSpec(
            List.of(new BatchSpec.Slice(4, slice, 3, 9), new BatchSpec.Slice(4, first, 0, 2)));
    assertThat(BatchSpec.parse(batch.text())).isEqualTo(batch);
    BatchSpec whole = new BatchSpec(List.of(new BatchSpec.Slice(4, UNITS.get(1), 3, 6)));
    assertThat(whole.text()).isEqualTo("4 1 7 3 6 a file.parquet");
  }

  @Test
  void noRowsAreRefused() {
    RoundPlan.Settings settings = new RoundPlan.Settings(1, 1, 4, 0, 1, null);
    assertThatThrownBy(() -> new RoundPlan(List.of(), settings, RoundPlan.Start.FRESH))
        .hasMessageContaining("expected pairs in data.train, found no rows");
  }
}
