package prior.train.spark;

import java.util.List;
import java.util.Locale;
import prior.train.LocalTrainer;

/**
 * What a round measured.
 *
 * @param round counted from 1
 * @param step optimizer steps of a worker so far
 * @param loss mean over the steps of all workers that stayed finite
 * @param gradientNorm mean over the same, before clipping
 * @param rows pairs seen in the round, by all workers
 * @param seconds wall clock of the round
 * @param readSeconds reading and noising, mean over workers
 * @param trainSeconds optimizer steps, mean over workers
 * @param averagingSeconds moving and averaging states
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
    double seconds,
    double readSeconds,
    double trainSeconds,
    double averagingSeconds,
    long nonFiniteWorkers) {

  static RoundMetrics of(
      AveragingMaster.RoundResult result, long epoch, double learningRate, double seconds) {
    List<WorkerReport> reports = result.reports();
    List<LocalTrainer.Step> steps =
        reports.stream()
            .filter(WorkerReport::finite)
            .flatMap(report -> report.steps().stream())
            .toList();
    return new RoundMetrics(
        result.round() + 1,
        result.state().step(),
        epoch,
        steps.stream().mapToDouble(LocalTrainer.Step::loss).average().orElse(Double.NaN),
        steps.stream().mapToDouble(LocalTrainer.Step::gradientNorm).average().orElse(Double.NaN),
        learningRate,
        reports.stream().mapToLong(WorkerReport::examples).sum(),
        seconds,
        reports.stream().mapToDouble(WorkerReport::readSeconds).average().orElse(0),
        reports.stream().mapToDouble(WorkerReport::trainSeconds).average().orElse(0),
        result.averagingSeconds(),
        reports.stream().filter(report -> !report.finite()).count());
  }

  double rowsPerSecond() {
    return rows / seconds;
  }

  /** The share of the round that goes into moving and averaging states. */
  double averagingShare() {
    return averagingSeconds / seconds;
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"round\":%d,\"step\":%d,\"epoch\":%d,\"loss\":%s,\"grad_norm\":%s,\"lr\":%s,\"rows\":%d,"
            + "\"seconds\":%.3f,\"rows_per_second\":%.1f,\"read_seconds\":%.3f,"
            + "\"train_seconds\":%.3f,\"averaging_seconds\":%.3f,\"non_finite_workers\":%d}",
        round,
        step,
        epoch,
        number(loss),
        number(gradientNorm),
        learningRate,
        rows,
        seconds,
        rowsPerSecond(),
        readSeconds,
        trainSeconds,
        averagingSeconds,
        nonFiniteWorkers);
  }

  /** JSON has no NaN. */
  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }

  /** One {@code key=value} line. */
  String line(long rounds, double secondsLeft) {
    return String.format(
        Locale.ROOT,
        "round=%d/%d step=%d epoch=%d loss=%.5f grad_norm=%.3f rows_per_s=%.0f round_s=%.2f"
            + " read_s=%.2f train_s=%.2f averaging_s=%.2f eta=%s",
        round,
        rounds,
        step,
        epoch,
        loss,
        gradientNorm,
        rowsPerSecond(),
        seconds,
        readSeconds,
        trainSeconds,
        averagingSeconds,
        duration(Math.round(secondsLeft)));
  }

  private static String duration(long seconds) {
    return seconds < 3600
        ? "%dm%02ds".formatted(seconds / 60, seconds % 60)
        : "%dh%02dm".formatted(seconds / 3600, seconds % 3600 / 60);
  }
}
