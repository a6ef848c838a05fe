package prior.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long a workload's runs took.
 *
 * @param seconds of each run after the warm-up, sorted
 */
record Measurement(List<Double> seconds, long rows, Workload.Amount amount) {
  private static final int FEWEST_RUNS = 3;
  private static final double WARM_UP_SHARE = 0.25;

  /**
   * Warms up for a quarter of the time, at least one run, then repeats for the rest of it, at least
   * three runs.
   */
  static Measurement of(Workload workload, double budget) {
    repeat(workload, budget * WARM_UP_SHARE, 1);
    List<Double> seconds = repeat(workload, budget * (1 - WARM_UP_SHARE), FEWEST_RUNS);
    seconds.sort(null);
    return new Measurement(List.copyOf(seconds), workload.rows(), workload.amount());
  }

  private static List<Double> repeat(Workload workload, double budget, int fewest) {
    List<Double> seconds = new ArrayList<>();
    long start = System.nanoTime();
    while (seconds.size() < fewest || since(start) < budget) {
      long begin = System.nanoTime();
      workload.run();
      seconds.add(since(begin));
    }
    return seconds;
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  double median() {
    int middle = seconds.size() / 2;
    return seconds.size() % 2 == 1
        ? seconds.get(middle)
        : (seconds.get(middle - 1) + seconds.get(middle)) / 2;
  }

  /** One line of JSON. */
  String json(String name, int threads) {
    return String.format(
        Locale.ROOT,
        "{\"case\":\"%s\",\"threads\":%d,\"median_ms\":%.3f,\"rows_per_second\":%.2f,\"runs\":%d,"
            + "\"%s\":%.3f}",
        name,
        threads,
        1000 * median(),
        rows / median(),
        seconds.size(),
        amount.rate(),
        amount.perRun() / median());
  }
}
