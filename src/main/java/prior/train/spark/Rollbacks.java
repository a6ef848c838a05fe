package prior.train.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.conf.DivergenceConf;
import prior.data.spark.Json;

/**
 * The run's {@code rollbacks.jsonl}: one line for each time it went back to a checkpoint, with the
 * learning rate's factor from there on. A run that goes on from before such a checkpoint does not
 * know the line, and comes to the same decision again.
 */
final class Rollbacks {
  private final DivergenceConf conf;
  private final RunLines lines;

  /**
   * @param rounds done where the run goes on
   */
  Rollbacks(FileSystem fs, Path run, DivergenceConf conf, long rounds) {
    this.conf = conf;
    this.lines =
        new RunLines(
            fs, new Path(run, "rollbacks.jsonl"), line -> Json.number(line, "/to") <= rounds);
  }

  /** Whether there may be one more. */
  boolean left() {
    return lines.all().size() < conf.maxRollbacks();
  }

  /** What the learning rate is multiplied by. */
  double factor() {
    return Math.pow(conf.lrFactor(), lines.all().size());
  }

  /**
   * Notes one.
   *
   * @param round that diverged, from 1
   * @param to rounds done where the run goes on
   */
  void add(long round, long to, String why) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("round", round);
    line.put("to", to);
    line.put("lr_factor", Math.pow(conf.lrFactor(), lines.all().size() + 1.0));
    line.put("why", why);
    lines.add(Json.line(line));
  }
}
