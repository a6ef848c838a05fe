package prior.infer.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.checkpoint.ObjectStore;
import prior.checkpoint.RunLease;
import prior.data.DataFaults;
import prior.data.SeparateClose;
import prior.data.spark.Json;
import prior.data.spark.TextFile;
import prior.fault.UserFault;

/**
 * An output that is written in a folder beside its place, {@code _staging-NAME-HASH}, and appears
 * there by one rename; on an object store, which has none, file by file, {@code _SUCCESS} last. The
 * folder holds the lease, the plan, the files of attempts ({@code work}), the journal of units that
 * are done, the whole new output ({@code out}) and, for a moment, what it replaces ({@code
 * replaced}). It stays when the job is stopped, for {@code --mode resume}.
 */
final class StagedOutput implements AutoCloseable {
  private final FileSystem fs;
  private final Path target;
  private final Path staging;
  private final RunLease lease;
  private boolean keep = true;

  private StagedOutput(FileSystem fs, Path target, Path staging, RunLease lease) {
    this.fs = fs;
    this.target = target;
    this.staging = staging;
    this.lease = lease;
  }

  /** Takes the right to write an output, which no other job has until this is closed. */
  static StagedOutput take(Configuration conf, Path target, RunLease.Timing timing) {
    try {
      FileSystem fs = target.getFileSystem(conf);
      Path whole = fs.makeQualified(target);
      Path staging = staging(whole);
      StagedOutput output =
          new StagedOutput(fs, whole, staging, RunLease.take(fs, staging, timing));
      output.giveBack();
      return output;
    } catch (IOException e) {
      throw DataFaults.storage("write", target.toString(), e);
    }
  }

  /** Spark shows names with "_" that hold a "=", so that is left out. */
  private static Path staging(Path target) {
    if (target.isRoot()) {
      throw UserFault.usage(
          "Cannot write %s: expected a folder in another, found a root".formatted(target));
    }
    String plain = target.getName().replaceAll("[^A-Za-z0-9.-]", "-");
    String hash = Fingerprint.of(target.getName()).substring(0, 8);
    return new Path(target.getParent(), "_staging-" + plain + "-" + hash);
  }

  Path target() {
    return target;
  }

  Path work() {
    return new Path(staging, "work");
  }

  /** Where units are noted when they are done. */
  Journal journal() {
    return new Journal(fs, doneFolder());
  }

  /** The units that are done, by number. */
  Map<Integer, DoneUnit> done() {
    return Journal.read(fs, doneFolder());
  }

  private Path doneFolder() {
    return new Path(staging, "done");
  }

  /** Refuses an output that exists. */
  void refuseExisting() throws IOException {
    if (fs.exists(target)) {
      throw UserFault.usage(
          "Cannot write %s: it exists, expected a new folder or mode overwrite, append or resume,"
                  .formatted(target)
              + " found "
              + fs.listStatus(target).length
              + " files");
    }
  }

  boolean exists() throws IOException {
    return fs.exists(target);
  }

  /** What the output holds already. */
  Optional<OutputManifest> published() {
    return OutputManifest.read(fs, new Path(target, OutputManifest.FILE));
  }

  /** The plan of a job that was not finished. */
  Optional<Plan> unfinished() throws IOException {
    Path file = new Path(staging, "plan.json");
    try {
      List<String> lines = new ArrayList<>();
      TextFile.lines(fs, file, lines::add);
      return Optional.of(Json.read(String.join("\n", lines), Plan.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Forgets what another job left, and writes down what this one is about to do. */
  void begin(Plan plan) throws IOException {
    clear();
    fs.mkdirs(work());
    fs.mkdirs(doneFolder());
    Path unfinished = new Path(staging, "_plan.json");
    TextFile.write(fs, unfinished, Json.page(plan));
    rename(unfinished, new Path(staging, "plan.json"));
  }

  /** Puts back an output that a job stopped on the way had taken away to replace it. */
  private void giveBack() throws IOException {
    Path replaced = new Path(staging, "replaced");
    if (fs.exists(replaced) && !fs.exists(target)) {
      rename(replaced, target);
    }
  }

  /** Leaves nothing but the lease. */
  private void clear() throws IOException {
    for (FileStatus left : fs.listStatus(staging)) {
      if (!left.getPath().getName().equals(RunLease.FILE_NAME)) {
        fs.delete(left.getPath(), true);
      }
    }
  }

  /** Puts the whole output in its place; can be done again after it was stopped anywhere. */
  void publish(Plan plan, OutputManifest.Run run, String schema, Collection<DoneUnit> done)
      throws IOException {
    lease.check();
    boolean adds = adds(plan);
    boolean inPlace = adds || ObjectStore.holds(fs, target);
    Path into = inPlace ? target : new Path(staging, "out");
    fs.mkdirs(into);
    if (inPlace && !adds) {
      takeAway(plan.mode(), done);
    }
    fs.delete(new Path(into, OutputManifest.SUCCESS), false);
    Optional<OutputManifest> before = adds ? before() : Optional.empty();
    List<OutputManifest.Written> files = new ArrayList<>();
    for (DoneUnit unit : done) {
      for (DoneUnit.Part part : unit.files()) {
        move(new Path(work(), part.attempt()), new Path(into, part.name()));
        files.add(
            new OutputManifest.Written(part.name(), part.rows(), part.bytes(), part.sha256()));
      }
    }
    writeSkips(new Path(into, OutputManifest.SKIPPED), done);
    lease.check();
    OutputManifest manifest = OutputManifest.of(before, run, schema, files);
    TextFile.write(fs, new Path(into, OutputManifest.FILE), Json.page(manifest) + "\n");
    TextFile.write(fs, new Path(into, OutputManifest.SUCCESS), "");
    if (!inPlace) {
      replace(into, plan.mode());
    }
    keep = false;
  }

  /**
   * Whether another job's rows stay; what this one put in place before it was stopped is no
   * other's.
   */
  private boolean adds(Plan plan) throws IOException {
    return plan.mode() == WriteMode.APPEND
        && (fs.exists(aside()) || published().filter(there -> !there.holdsRun(plan)).isPresent());
  }

  private Path aside() {
    return new Path(staging, "before.json");
  }

  /**
   * Removes what lies at the output and is not of this job, where that may be. The manifest goes
   * before the rows: where one lies, all the files it names do.
   */
  private void takeAway(WriteMode mode, Collection<DoneUnit> done) throws IOException {
    List<String> others = new ArrayList<>();
    for (FileStatus there : fs.listStatus(target)) {
      others.add(there.getPath().getName());
    }
    done.forEach(unit -> unit.files().forEach(part -> others.remove(part.name())));
    if (mode != WriteMode.OVERWRITE && !OutputManifest.BESIDE_ROWS.containsAll(others)) {
      refuseExisting();
    }
    fs.delete(new Path(target, OutputManifest.SUCCESS), false);
    fs.delete(new Path(target, OutputManifest.FILE), false);
    for (String name : others) {
      fs.delete(new Path(target, name), true);
    }
  }

  /** Ends what a job began that was stopped before its last file; all others lie there. */
  void markWhole() throws IOException {
    Path success = new Path(target, OutputManifest.SUCCESS);
    if (!fs.exists(success)) {
      TextFile.write(fs, success, "");
    }
  }

  /**
   * What the output held before this job came; kept aside, its skips first, while it is written
   * anew.
   */
  private Optional<OutputManifest> before() throws IOException {
    Path aside = aside();
    if (!fs.exists(aside)) {
      Path skips = new Path(target, OutputManifest.SKIPPED);
      if (fs.exists(skips) && !fs.exists(earlierSkips())) {
        rename(skips, earlierSkips());
      }
      Path unfinished = new Path(staging, "_before.json");
      TextFile.write(fs, unfinished, Json.page(published().orElseThrow()));
      rename(unfinished, aside);
    }
    return OutputManifest.read(fs, aside);
  }

  private void replace(Path out, WriteMode mode) throws IOException {
    Path replaced = new Path(staging, "replaced");
    lease.check();
    if (fs.exists(target)) {
      if (mode != WriteMode.OVERWRITE) {
        refuseExisting();
      }
      rename(target, replaced);
    }
    fs.mkdirs(target.getParent());
    rename(out, target);
  }

  private Path earlierSkips() {
    return new Path(staging, "before-skipped.jsonl");
  }

  private void writeSkips(Path list, Collection<DoneUnit> done) throws IOException {
    List<Path> parts = new ArrayList<>();
    if (fs.exists(earlierSkips())) {
      parts.add(earlierSkips());
    }
    done.stream()
        .filter(unit -> unit.skips() != null)
        .forEach(unit -> parts.add(new Path(work(), unit.skips())));
    if (parts.isEmpty()) {
      return;
    }
    try (OutputStream out = new SeparateClose(fs.create(list))) {
      for (Path part : parts) {
        try (InputStream in = fs.open(part)) {
          in.transferTo(out);
        }
      }
    }
  }

  /** Nothing of this job is wanted any more. */
  void discard() {
    keep = false;
  }

  private void move(Path from, Path to) throws IOException {
    if (!fs.exists(to)) {
      rename(from, to);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      throw new IOException("could not rename " + from + " to " + to);
    }
  }

  /** The lease goes last: until then nobody else looks at the folder. */
  @Override
  public void close() {
    try {
      boolean empty = fs.listStatus(staging).length == 1;
      if (!keep) {
        clear();
      }
      lease.close();
      if (!keep || empty) {
        fs.delete(staging, false);
      }
    } catch (IOException e) {
      throw DataFaults.storage("remove", staging.toString(), e);
    }
  }
}
