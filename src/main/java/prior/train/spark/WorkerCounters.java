package prior.train.spark;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * A run's sums as Spark's UI and event log show them beside each stage. A task that is done twice
 * counts twice, so nothing is decided by them; what decides are the {@link WorkerReport}s.
 */
record WorkerCounters(LongAccumulator rows, LongAccumulator skipped, LongAccumulator nonFinite)
    implements Serializable {

  static WorkerCounters of(SparkContext spark) {
    return new WorkerCounters(
        spark.longAccumulator("rows trained on"),
        spark.longAccumulator("rows skipped"),
        spark.longAccumulator("steps not finite"));
  }

  /** Counts what a worker did in a round. */
  void add(WorkerReport report) {
    rows.add(report.examples());
    skipped.add(report.skipped());
    nonFinite.add(report.steps().stream().filter(step -> !step.finite()).count());
  }
}
