package prior.train.spark;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.checkpoint.Progress;
import prior.conf.ValidationConf;
import prior.data.DataFaults;
import prior.data.spark.Json;
import prior.data.spark.TextFile;
import prior.train.BestSoFar;
import prior.train.Validation;

/**
 * The run's {@code validation.jsonl} and {@code validation.json}, and what follows from the lines
 * alone: which round is best, and whether the run has run out of patience. So a resumed run, which
 * keeps the lines up to its checkpoint, decides as one that never stopped.
 */
final class Validations {
  private static final Logger LOG = LoggerFactory.getLogger(Validations.class);

  private final FileSystem fs;
  private final Path run;
  private final ValidationConf conf;
  private final RunLines lines;
  private final BestSoFar best;
  private long last;

  /**
   * @param rounds done where the run goes on
   */
  Validations(FileSystem fs, Path run, ValidationConf conf, long rounds) {
    this.fs = fs;
    this.run = run;
    this.conf = conf;
    this.best = new BestSoFar(conf.metric(), conf.minDelta());
    this.lines = RunLines.ofRounds(fs, new Path(run, "validation.jsonl"), rounds);
    for (String line : lines.all()) {
      last = (long) Json.number(line, "/round");
      best.add(last, value(line));
    }
  }

  private double value(String line) {
    return ValidationJson.places(conf.metric()).stream()
        .mapToDouble(place -> Json.number(line, place))
        .filter(Double::isFinite)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Writes what was measured after some rounds; whether it is the best so far. */
  boolean add(Progress progress, Validation validation) {
    boolean isBest = best.add(progress.round(), validation.value(conf.metric()));
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("round", progress.round());
    line.put("step", progress.step());
    line.put("rows_seen", progress.examplesSeen());
    line.put("pairs", validation.pairs());
    line.put("seconds", Math.round(validation.seconds() * 1000) / 1000.0);
    line.putAll(ValidationJson.measured(validation));
    line.put("best", isBest);
    if (validation.picture() != null) {
      draw(progress.round(), validation.picture());
    }
    lines.add(Json.line(line));
    last = progress.round();
    say(validation, isBest);
    return isBest;
  }

  private void draw(long round, Validation.Picture picture) {
    Path file = new Path(run, "validation.json");
    try {
      TextFile.write(fs, file, Json.line(ValidationJson.picture(round, picture)) + "\n");
    } catch (IOException e) {
      throw DataFaults.storage("write", file.toString(), e);
    }
  }

  private void say(Validation validation, boolean isBest) {
    LOG.info("validation round={} {}{}", last, validation.line(), isBest ? " best so far" : "");
  }

  /** The last round that was validated; 0 before. */
  long last() {
    return last;
  }

  /** The best round. */
  OptionalLong best() {
    return best.round();
  }

  /** Whether patience is at its end. */
  boolean exhausted() {
    return conf.patience() != null && best.without() >= conf.patience();
  }

  /** Why, in words. */
  String exhaustion() {
    return "%s gained no more than %s in %d validations; best was %s in round %d"
        .formatted(
            conf.metric().key(),
            conf.minDelta(),
            best.without(),
            best.value(),
            best.round().orElse(0));
  }
}
