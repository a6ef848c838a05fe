package prior.train.spark;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.data.BadShard;
import prior.data.DataFaults;
import prior.data.spark.Json;
import prior.data.spark.TextFile;
import prior.fault.UserFault;

/**
 * The run's {@code skipped.jsonl}: one line for each shard that is left out, with the round, from
 * 1, that met it first; 0 for files left out by the plan. Keeps the limit on them.
 */
final class SkippedShards implements Consumer<AveragingMaster.RoundResult> {
  private static final Logger LOG = LoggerFactory.getLogger(SkippedShards.class);
  private static final String PLACE = "place";

  private final FileSystem fs;
  private final Path file;
  private final int most;
  private final Map<String, String> lines = new LinkedHashMap<>();

  /**
   * Keeps the lines of the rounds up to {@code rounds}: what came after is done again.
   *
   * @param most shards that may be left out
   */
  SkippedShards(FileSystem fs, Path run, int most, long rounds) {
    this.fs = fs;
    this.file = new Path(run, "skipped.jsonl");
    this.most = most;
    try {
      if (fs.exists(file)) {
        TextFile.lines(fs, file, line -> keep(line, rounds));
      }
    } catch (IOException e) {
      throw DataFaults.storage("read", file.toString(), e);
    }
  }

  private void keep(String line, long rounds) {
    long round = Long.parseLong(Json.text(line, "round"));
    if (round > 0 && round <= rounds) {
      lines.put(Json.text(line, PLACE), line);
    }
  }

  /** Takes in the files that the plan leaves out, and writes the list. */
  SkippedShards planned(List<BadShard> bad) {
    add(0, bad);
    write();
    return this;
  }

  @Override
  public void accept(AveragingMaster.RoundResult result) {
    List<BadShard> bad = result.reports().stream().flatMap(r -> r.bad().stream()).toList();
    if (add(result.round() + 1, bad)) {
      write();
    }
  }

  /** Whether any of them is new. */
  private boolean add(long round, List<BadShard> bad) {
    int before = lines.size();
    for (BadShard shard : bad) {
      if (lines.putIfAbsent(shard.place(), line(round, shard)) == null) {
        LOG.warn("left out from now on: {}", shard.cause());
      }
    }
    return lines.size() > before;
  }

  private static String line(long round, BadShard shard) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("path", shard.file());
    line.put("row_group", shard.rowGroup());
    line.put("first_row", shard.firstRow());
    line.put("rows", shard.rows());
    line.put("cause", shard.cause());
    line.put("round", round);
    line.put(PLACE, shard.place());
    return Json.line(line);
  }

  private void write() {
    try {
      if (!lines.isEmpty() || fs.exists(file)) {
        TextFile.write(fs, file, String.join("\n", lines.values()) + (lines.isEmpty() ? "" : "\n"));
      }
    } catch (IOException e) {
      throw DataFaults.storage("write", file.toString(), e);
    }
    if (lines.size() > most) {
      throw UserFault.data(
          "Cannot go on without the shards listed in %s: expected at most data.max_bad_shards = %d, found %d"
              .formatted(file, most, lines.size()));
    }
  }
}
