package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.conf.NonFinitePolicy;
import prior.data.spark.LocalSpark;
import prior.train.LocalTrainer;
import prior.train.TrainingState;
import scala.Tuple2;

/** {@code train.average_updater = false}: the first worker's moments go on in all. */
@Tag("spark")
class UpdaterAveragingTest {
  private static Path data;

  private final AveragingRuns runs = new AveragingRuns(data);

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
  }

  private TrainingState firstOnes(int workers, List<List<String>> rounds) {
    AveragingMaster.Rules rules = runs.rules(false, NonFinitePolicy.FAIL);
    return runs.averaged(workers, 2, rounds, runs.loader(), rules, result -> {});
  }

  @Test
  void withOneWorkerItIsLocalTrainingToTheBit() {
    List<String> batches = runs.batches(4);
    TrainingState spread = firstOnes(1, List.of(batches.subList(0, 2), batches.subList(2, 4)));
    TrainingState local = runs.local(batches);
    assertThat(spread.parameters()).isEqualTo(local.parameters());
    assertThat(spread.moments()).isEqualTo(local.moments());
    assertThat(spread.ema()).isEqualTo(local.ema());
  }

  @Test
  void ofTwoWorkersTheFirstOnesMomentsGoOnAndTheRestIsTheMean() {
    List<String> batches = runs.batches(4);
    TrainingState spread = firstOnes(2, List.of(batches));
    TrainingState averaged = runs.averaged(2, 2, List.of(batches));
    assertThat(spread.moments()).isEqualTo(runs.local(batches.subList(0, 2)).moments());
    assertThat(spread.moments()).isNotEqualTo(averaged.moments());
    assertThat(spread.parameters()).isEqualTo(averaged.parameters());
    assertThat(spread.ema()).isEqualTo(averaged.ema());
  }

  @Test
  void whereTheFirstWorkerIsLeftOutTheMomentsBeforeTheRoundGoOn() {
    List<String> batches = runs.batches(8);
    AveragingRuns.Poisoned loader = new AveragingRuns.Poisoned(runs.loader(), batches.get(5));
    AveragingMaster.Rules rules = runs.rules(false, NonFinitePolicy.DROP);
    List<List<String>> rounds = List.of(batches.subList(0, 4), batches.subList(4, 8));
    TrainingState left = runs.averaged(2, 2, rounds, loader, rules, result -> {});
    assertThat(left.moments()).isEqualTo(runs.local(batches.subList(0, 2)).moments());
    assertThat(left.parameters()).isNotEqualTo(firstOnes(2, rounds.subList(0, 1)).parameters());
    assertThat(left.step()).isEqualTo(4);
  }

  @Test
  void theOthersSendHalfAsMuchAndTheBudgetKnowsIt() {
    LocalTrainer trainer = runs.trained(runs.batches(1));
    for (boolean averaged : new boolean[] {true, false}) {
      DriverBudget budget = new DriverBudget(trainer.shape(), 2, averaged);
      assertThat(sent(trainer, true)).isEqualTo(budget.sent(0));
      assertThat(sent(trainer, averaged)).isEqualTo(budget.sent(1));
    }
    assertThat(2 * sent(trainer, false)).isEqualTo(sent(trainer, true));
  }

  private static long sent(LocalTrainer trainer, boolean moments) {
    WorkerReport report = new WorkerReport(1, 8, 0, true, 0, 0, 0, List.of(), List.of());
    Iterator<Tuple2<Share.Place, Share>> shares = Chunks.of(report, trainer, moments);
    long bytes = 0;
    while (shares.hasNext()) {
      Share share = shares.next()._2();
      bytes += share.chunk() == Chunks.MEASURED ? 0 : Float.BYTES * share.numbers().count();
    }
    return bytes;
  }
}
