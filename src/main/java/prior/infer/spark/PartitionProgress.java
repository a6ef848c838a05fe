package prior.infer.spark;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import prior.progress.Progress;
import prior.progress.ProgressBar;

/** Follows the partitions of a piece of work as Spark finishes them; one done twice counts once. */
final class PartitionProgress extends SparkListener {
  private static final String WORK = "prior.work";

  private final String id = UUID.randomUUID().toString();
  private final ProgressBar bar = ProgressBar.onTerminal();
  private final long started = System.nanoTime();
  private final long pause;
  private final Consumer<String> log;
  private final Map<Integer, BitSet> done = new HashMap<>();
  private long total;
  private long rows;
  private long said = started;

  /**
   * @param pause between two lines of the log, at least
   */
  PartitionProgress(Duration pause, Consumer<String> log) {
    this.pause = pause.toNanos();
    this.log = log;
  }

  /** What is followed. */
  interface Work {
    void run() throws IOException;
  }

  /** Does the work, whose jobs in Spark get the description, and says how far it is. */
  void follow(SparkContext spark, String description, Work work) throws IOException {
    spark.addSparkListener(this);
    spark.setLocalProperty(WORK, id);
    spark.setJobDescription(description);
    try {
      work.run();
    } finally {
      spark.setJobDescription(null);
      spark.setLocalProperty(WORK, null);
      spark.removeSparkListener(this);
      bar.erase();
    }
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted event) {
    int stage = event.stageInfo().stageId();
    boolean ours = event.properties() != null && id.equals(event.properties().getProperty(WORK));
    if (ours && !done.containsKey(stage)) {
      done.put(stage, new BitSet());
      total += event.stageInfo().numTasks();
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    BitSet partitions = done.get(event.stageId());
    int partition = event.taskInfo().partitionId();
    if (partitions == null || event.reason() != Success$.MODULE$ || partitions.get(partition)) {
      return;
    }
    partitions.set(partition);
    rows += event.taskMetrics().outputMetrics().recordsWritten();
    say();
  }

  private void say() {
    long count = done.values().stream().mapToLong(BitSet::cardinality).sum();
    long now = System.nanoTime();
    double seconds = (now - started) / 1e9;
    double left = seconds / count * (total - count);
    String rate = String.format(Locale.ROOT, "rows_per_s=%.0f", rows / seconds);
    if (now - said >= pause) {
      said = now;
      bar.erase();
      log.accept(
          "partitions=%d/%d rows=%d %s eta=%s"
              .formatted(count, total, rows, rate, Progress.duration(left)));
    }
    bar.draw(new Progress("partition", count, total, left, rate));
  }
}
