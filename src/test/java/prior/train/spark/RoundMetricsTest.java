package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import prior.data.BadShard;
import prior.train.LocalTrainer;
import prior.train.TrainingState;

/** Numbers that a float holds exactly, since a report travels as floats. */
class RoundMetricsTest {
  private static final WorkerReport FAST = report(0, true, 0.5, 1, 0.25, 0.5, 2);
  private static final WorkerReport SLOW = report(1, true, 0.25, 2, 0.5, 1.5, 4);
  private static final WorkerReport BROKEN = report(2, false, 0, 0.5, 0, Double.NaN, 1);

  private static WorkerReport report(
      int worker,
      boolean finite,
      double read,
      double train,
      double serialise,
      double loss,
      double norm) {
    List<LocalTrainer.Step> steps = List.of(new LocalTrainer.Step(loss, norm));
    return new WorkerReport(worker, 32, 3, finite, read, train, serialise, steps, List.of());
  }

  private static RoundMetrics metrics(WorkerReport... reports) {
    TrainingState state = new TrainingState(new float[1], new float[2], null, 14);
    AveragingMaster.RoundResult result =
        new AveragingMaster.RoundResult(6, state, Arrays.asList(reports));
    return RoundMetrics.of(result, 2, 1.1e-4, 4);
  }

  @Test
  void theFourPartsAreTheSlowestWorkersAndTheRestAndAddUpToTheRound() {
    RoundMetrics round = metrics(FAST, SLOW);
    assertThat(round.readSeconds()).isEqualTo(0.25);
    assertThat(round.trainSeconds()).isEqualTo(2);
    assertThat(round.serialiseSeconds()).isEqualTo(0.5);
    assertThat(round.aggregateSeconds()).isEqualTo(1.25);
    assertThat(round.readSeconds() + round.trainSeconds() + round.averagingSeconds())
        .isCloseTo(round.seconds(), within(1e-12));
  }

  @Test
  void theLineIsTheDocumentedKeysInTheirOrder() {
    assertThat(metrics(FAST, SLOW, BROKEN).line(40, 75))
        .isEqualTo(
            "round=7/40 step=14 epoch=2 loss=1.00000 grad_norm=3.000 lr=1.100e-04 rows_per_s=24"
                + " round_s=4.00 read_s=0.25 train_s=2.00 serialise_s=0.50 aggregate_s=1.25"
                + " eta=1m15s");
  }

  @Test
  void theJsonHoldsTheSameAndNoNaN() {
    assertThat(metrics(FAST, SLOW, BROKEN).json())
        .isEqualTo(
            """
            {"round":7,"step":14,"epoch":2,"loss":1.0,"grad_norm":3.0,"lr":1.1E-4,"rows":96,\
            "skipped":9,"seconds":4.000,"rows_per_second":24.0,"read_seconds":0.250,"train_seconds":2.000,\
            "serialise_seconds":0.500,"aggregate_seconds":1.250,"non_finite_workers":1}""");
    assertThat(metrics(BROKEN).json()).contains("\"loss\":null,\"grad_norm\":null,");
  }

  @Test
  void aReportSurvivesItsJourney() {
    assertThat(WorkerReport.of(SLOW.share())).isEqualTo(SLOW);
    assertThat(WorkerReport.of(SLOW.handedOver(0.75).share()).serialiseSeconds()).isEqualTo(0.75);
  }

  @Test
  void soDoTheShardsThatItLeftOut() {
    BadShard group = new BadShard("file:/a b/é.parquet", 3, 48, 16, "Cannot read: found 'NaN'\n");
    BadShard slice = new BadShard("s3a://b/c.parquet", 0, 1L << 40, 1, "");
    WorkerReport report =
        new WorkerReport(1, 8, 17, true, 0, 0, 0, SLOW.steps(), List.of(group, slice));
    assertThat(WorkerReport.of(report.share())).isEqualTo(report);
  }

  @Test
  void aTerminalSeesTheRoundAndItsLoss() {
    assertThat(metrics(FAST, SLOW).progress(40, 75).toString())
        .contains("unit=round, done=7, total=40, secondsLeft=75.0, note=loss=1.00000");
  }
}
