package prior.train.spark;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import prior.progress.Progress;
import prior.track.Measurement;
import prior.train.LocalTrainer;

/**
 * What a round measured.
 *
 * @param round counted from 1
 * @param step optimizer steps of a worker so far
 * @param loss mean over the steps of all workers that stayed finite
 * @param gradientNorm mean over the same, before clipping
 * @param rows pairs seen in the round, by all workers
 * @param skipped pairs planned for it that could not be used
 * @param seconds wall clock of the round
 * @param readSeconds reading and noising, by the slowest worker
 * @param trainSeconds optimizer steps, by the same
 * @param serialiseSeconds copying and serialising its state, by the same
 * @param aggregateSeconds the rest of averaging: moving and summing states, scheduling
 * @param nonFiniteWorkers workers that met NaN or infinity
 */
record RoundMetrics(
    long round,
    long step,
    long epoch,
    double loss,
    double gradientNorm,
    double learningRate,
    long rows,
    long skipped,
    double seconds,
    double readSeconds,
    double trainSeconds,
    double serialiseSeconds,
    double aggregateSeconds,
    long nonFiniteWorkers) {

  static RoundMetrics of(
      AveragingMaster.RoundResult result, long epoch, double learningRate, double seconds) {
    List<WorkerReport> reports = result.reports();
    List<LocalTrainer.Step> steps =
        reports.stream()
            .filter(WorkerReport::finite)
            .flatMap(report -> report.steps().stream())
            .toList();
    WorkerReport slowest =
        reports.stream().max(Comparator.comparingDouble(WorkerReport::seconds)).orElseThrow();
    return new RoundMetrics(
        result.round() + 1,
        result.state().step(),
        epoch,
        steps.stream().mapToDouble(LocalTrainer.Step::loss).average().orElse(Double.NaN),
        steps.stream().mapToDouble(LocalTrainer.Step::gradientNorm).average().orElse(Double.NaN),
        learningRate,
        reports.stream().mapToLong(WorkerReport::examples).sum(),
        reports.stream().mapToLong(WorkerReport::skipped).sum(),
        seconds,
        slowest.readSeconds(),
        slowest.trainSeconds(),
        slowest.serialiseSeconds(),
        Math.max(0, seconds - slowest.seconds()),
        reports.stream().filter(report -> !report.finite()).count());
  }

  double rowsPerSecond() {
    return rows / seconds;
  }

  /** What the round took beside reading and optimizer steps. */
  double averagingSeconds() {
    return serialiseSeconds + aggregateSeconds;
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"round\":%d,\"step\":%d,\"epoch\":%d,\"loss\":%s,\"grad_norm\":%s,\"lr\":%s,\"rows\":%d,"
            + "\"skipped\":%d,\"seconds\":%.3f,\"rows_per_second\":%.1f,\"read_seconds\":%.3f,"
            + "\"train_seconds\":%.3f,\"serialise_seconds\":%.3f,\"aggregate_seconds\":%.3f,"
            + "\"non_finite_workers\":%d}",
        round,
        step,
        epoch,
        number(loss),
        number(gradientNorm),
        learningRate,
        rows,
        skipped,
        seconds,
        rowsPerSecond(),
        readSeconds,
        trainSeconds,
        serialiseSeconds,
        aggregateSeconds,
        nonFiniteWorkers);
  }

  /** JSON has no NaN. */
  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }

  /** The same for trackers. */
  Measurement measurement(long millis) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train/loss", loss);
    values.put("train/grad_norm", gradientNorm);
    values.put("train/lr", learningRate);
    values.put("train/epoch", (double) epoch);
    values.put("train/rows", (double) rows);
    values.put("train/skipped", (double) skipped);
    values.put("train/non_finite_workers", (double) nonFiniteWorkers);
    values.put("time/rows_per_second", rowsPerSecond());
    values.put("time/round_seconds", seconds);
    values.put("time/read_seconds", readSeconds);
    values.put("time/train_seconds", trainSeconds);
    values.put("time/serialise_seconds", serialiseSeconds);
    values.put("time/aggregate_seconds", aggregateSeconds);
    return new Measurement(round, step, millis, values);
  }

  /** One {@code key=value} line. */
  String line(long rounds, double secondsLeft) {
    return String.format(
        Locale.ROOT,
        "round=%d/%d step=%d epoch=%d loss=%.5f grad_norm=%.3f lr=%.3e rows_per_s=%.0f"
            + " round_s=%.2f read_s=%.2f train_s=%.2f serialise_s=%.2f aggregate_s=%.2f eta=%s",
        round,
        rounds,
        step,
        epoch,
        loss,
        gradientNorm,
        learningRate,
        rowsPerSecond(),
        seconds,
        readSeconds,
        trainSeconds,
        serialiseSeconds,
        aggregateSeconds,
        Progress.duration(secondsLeft));
  }

  /** The same for a terminal. */
  Progress progress(long rounds, double secondsLeft) {
    String note = String.format(Locale.ROOT, "loss=%.5f", loss);
    return new Progress("round", round, rounds, secondsLeft, note);
  }
}
