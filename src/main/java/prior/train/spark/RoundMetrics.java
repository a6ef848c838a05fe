package prior.train.spark;

import java.util.List;
import java.util.Locale;

/**
 * What a round measured.
 *
 * @param round counted from 1
 * @param step optimizer steps of a worker so far
 * @param loss mean over all workers' steps
 * @param gradientNorm mean over the same, before clipping
 * @param rows pairs seen in the round, by all workers
 * @param seconds wall clock of the round
 */
record RoundMetrics(
    long round,
    long step,
    long epoch,
    double loss,
    double gradientNorm,
    double learningRate,
    long rows,
    double seconds) {

  static RoundMetrics of(
      AveragingMaster.RoundResult result, long epoch, double learningRate, double seconds) {
    List<Share> measured = result.measured();
    double loss = 0;
    double norm = 0;
    int steps = 0;
    long rows = 0;
    for (Share share : measured) {
      int half = share.values().length / 2;
      for (int i = 0; i < half; i++) {
        loss += share.values()[i];
        norm += share.values()[half + i];
      }
      steps += half;
      rows += share.examples();
    }
    return new RoundMetrics(
        result.round() + 1,
        result.state().step(),
        epoch,
        loss / steps,
        norm / steps,
        learningRate,
        rows,
        seconds);
  }

  double rowsPerSecond() {
    return rows / seconds;
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"round\":%d,\"step\":%d,\"epoch\":%d,\"loss\":%s,\"grad_norm\":%s,\"lr\":%s,\"rows\":%d,"
            + "\"seconds\":%.3f,\"rows_per_second\":%.1f}",
        round,
        step,
        epoch,
        loss,
        gradientNorm,
        learningRate,
        rows,
        seconds,
        rowsPerSecond());
  }

  String sentence(long rounds) {
    return String.format(
        Locale.ROOT,
        "round %d of %d: step %d, loss %.5f, gradient norm %.3f, %.0f rows/s",
        round,
        rounds,
        step,
        loss,
        gradientNorm,
        rowsPerSecond());
  }
}
