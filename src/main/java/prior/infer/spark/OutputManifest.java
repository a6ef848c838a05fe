package prior.infer.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.DataFaults;
import prior.data.spark.Json;
import prior.data.spark.TextFile;

/**
 * What an output holds, {@code _manifest.json}.
 *
 * @param rows of all files
 * @param skipped rows left out by all runs
 * @param model of the latest run
 * @param schema of the rows, as Spark's JSON
 * @param runs that wrote it, in order
 */
record OutputManifest(
    int version,
    long rows,
    long skipped,
    String model,
    String configSha256,
    String schema,
    List<Run> runs,
    List<Written> files) {
  static final String FILE = "_manifest.json";
  static final String SUCCESS = "_SUCCESS";
  static final String SKIPPED = "_skipped.jsonl";
  static final Set<String> BESIDE_ROWS = Set.of(FILE, SUCCESS, SKIPPED);
  private static final int VERSION = 1;

  /**
   * One job.
   *
   * @param id the same for the same input, model and options
   * @param input as it was named
   * @param rows written: rowsPerText for each row in that was not skipped
   * @param keyedBy what names the rows' noise
   * @param units slices the input was cut into, of which {@code resumedUnits} were done before
   * @param seconds of the last start
   * @param taskSeconds of all tasks that count, together
   */
  record Run(
      String run,
      String id,
      String input,
      long rowsIn,
      long rows,
      long skipped,
      int rowsPerText,
      String model,
      String configSha256,
      String optionsSha256,
      String keyedBy,
      int units,
      int resumedUnits,
      double seconds,
      double rowsPerSecond,
      double taskSeconds) {}

  /** A file. */
  record Written(String name, long rows, long bytes, String sha256) {}

  /** What there was and what a run added to it. */
  static OutputManifest of(
      Optional<OutputManifest> before, Run run, String schema, List<Written> files) {
    List<Run> runs = new ArrayList<>(before.map(OutputManifest::runs).orElse(List.of()));
    runs.add(run);
    List<Written> all = new ArrayList<>(before.map(OutputManifest::files).orElse(List.of()));
    all.addAll(files);
    return new OutputManifest(
        VERSION,
        runs.stream().mapToLong(Run::rows).sum(),
        runs.stream().mapToLong(Run::skipped).sum(),
        run.model(),
        run.configSha256(),
        schema,
        runs,
        all);
  }

  /** A folder's manifest; empty where it has none. */
  static Optional<OutputManifest> read(FileSystem fs, Path file) {
    try {
      if (!fs.exists(file)) {
        return Optional.empty();
      }
      StringBuilder text = new StringBuilder();
      TextFile.lines(fs, file, line -> text.append(line).append('\n'));
      return Optional.of(parsed(file, text.toString()));
    } catch (IOException e) {
      throw DataFaults.storage("read", file.toString(), e);
    }
  }

  private static OutputManifest parsed(Path file, String text) {
    try {
      return Json.read(text, OutputManifest.class);
    } catch (IOException e) {
      String found = e.getMessage().lines().findFirst().orElse("");
      throw DataFaults.unreadable(
          file.toString(), "not a manifest of this job", "version " + VERSION, found);
    }
  }

  /** Whether a job, or one with the same input, model and options, has put its rows in. */
  boolean holds(Plan plan) {
    return runs.stream().anyMatch(run -> run.id().equals(plan.id()));
  }

  /** Whether this very job has. */
  boolean holdsRun(Plan plan) {
    return runs.stream().anyMatch(run -> run.run().equals(plan.run()));
  }
}
