package prior.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import prior.data.WorkUnit;

class RoundPlanTest {
  private static final List<WorkUnit> UNITS =
      List.of(
          new WorkUnit("a file.parquet", 0, 10),
          new WorkUnit("a file.parquet", 1, 7),
          new WorkUnit("b.parquet", 0, 15));

  private static RoundPlan plan(long seed, long steps) {
    return new RoundPlan(UNITS, new RoundPlan.Settings(2, 3, 4, seed, steps));
  }

  private static List<BatchSpec> all(RoundPlan plan) {
    List<BatchSpec> batches = new ArrayList<>();
    for (long round = 0; round < plan.rounds(); round++) {
      plan.round(round).forEach(batches::addAll);
    }
    return batches;
  }

  @Test
  void anEpochUsesNoRowTwiceAndLeavesLessThanABatch() {
    Map<Long, Set<String>> seen = new HashMap<>();
    for (BatchSpec batch : all(plan(1, 12))) {
      assertThat(batch.rows()).isEqualTo(4);
      for (BatchSpec.Slice slice : batch.slices()) {
        for (int row = slice.from(); row < slice.to(); row++) {
          String name = slice.unit().file() + slice.unit().rowGroup() + " " + row;
          assertThat(seen.computeIfAbsent(batch.epoch(), e -> new HashSet<>()).add(name)).isTrue();
        }
      }
    }
    assertThat(seen.get(0L)).hasSize(32);
    assertThat(seen.get(1L)).hasSize(32);
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
    RoundPlan plan = plan(1, 12);
    assertThat(plan.roundsDone(0)).isZero();
    assertThat(plan.roundsDone(9)).isEqualTo(3);
    assertThat(plan.roundsDone(12)).isEqualTo(4);
    assertThatThrownBy(() -> plan.roundsDone(7)).hasMessageContaining("averaging_frequency 3");
  }

  @Test
  void aBatchSurvivesItsTextEvenWithBlanksInAFileName() {
    for (BatchSpec batch : all(plan(1, 8))) {
      assertThat(BatchSpec.parse(batch.text())).isEqualTo(batch);
    }
  }

  @Test
  void noRowsAreRefused() {
    assertThatThrownBy(() -> RoundPlan.batchesPerEpoch(List.of(), 4))
        .hasMessageContaining("expected pairs in data.train, found no rows");
  }
}
