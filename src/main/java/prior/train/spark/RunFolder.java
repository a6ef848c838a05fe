package prior.train.spark;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.checkpoint.Checkpoint;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Description;
import prior.checkpoint.HadoopLocation;
import prior.checkpoint.Progress;
import prior.checkpoint.RunLease;
import prior.checkpoint.StateDict;
import prior.checkpoint.Weights;
import prior.conf.ConfLoader;
import prior.conf.DivergenceConf;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.conf.ValidationConf;
import prior.data.DataFaults;
import prior.data.spark.Json;
import prior.data.spark.PairMetadata;
import prior.data.spark.TextFile;
import prior.fault.UserFault;
import prior.track.Tracking;
import prior.train.Leaps;
import prior.train.RoundPlan;
import prior.train.Trainability;
import prior.train.TrainingState;

/**
 * A training run on disk: {@code config.conf}, {@code metrics.jsonl}, {@code skipped.jsonl}, {@code
 * checkpoints}, {@code LATEST}, {@code report.html}; with validation {@code validation.jsonl},
 * {@code validation.json}, {@code BEST}; with trackers {@code tensorboard}; {@code rollbacks.jsonl}
 * and {@code test.json} where there is reason for them.
 */
public final class RunFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
  private static final String CONFIG = "config.conf";
  private static final String TEST = "test.json";

  private final FileSystem fs;
  private final Path path;
  private final CheckpointStore store;
  private final RunLease lease;
  private Optional<Checkpoint> latest = Optional.empty();
  private Optional<Progress> progress = Optional.empty();
  private Map<String, String> facts = Map.of();

  /** What to do with a run that exists. */
  public enum Mode {
    /** Go on from its last checkpoint. */
    RESUME,
    /** Remove it and start anew. */
    OVERWRITE,
    /** Refuse to start. */
    ERRORIFEXISTS
  }

  private RunFolder(FileSystem fs, Path path, int kept) {
    this.fs = fs;
    this.path = path;
    this.store = new CheckpointStore(new HadoopLocation(fs, path), kept);
    this.lease = RunLease.take(fs, path, RunLease.Timing.DEFAULT);
  }

  /**
   * Opens a run folder, which need not exist, and keeps others out of it.
   *
   * @param kept checkpoints that stay, the best one aside
   */
  static RunFolder open(Configuration conf, String run, Mode mode, int kept) {
    try {
      Path plain = new Path(run);
      FileSystem fs = plain.getFileSystem(conf);
      Path path = fs.makeQualified(plain);
      refuseOthers(fs, path);
      RunFolder folder = new RunFolder(fs, path, kept);
      try {
        folder.prepare(mode);
        return folder;
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      }
    } catch (IOException e) {
      throw DataFaults.storage("open", run, e);
    }
  }

  private static void refuseOthers(FileSystem fs, Path path) throws IOException {
    if (!contents(fs, path).isEmpty() && !fs.exists(new Path(path, CONFIG))) {
      throw UserFault.usage(
          "Cannot use " + path + " as run folder: expected a run or nothing, found other files");
    }
  }

  /** What lies in the folder, a lease aside. */
  private static List<Path> contents(FileSystem fs, Path path) throws IOException {
    if (!fs.exists(path)) {
      return List.of();
    }
    return Arrays.stream(fs.listStatus(path))
        .map(FileStatus::getPath)
        .filter(child -> !child.getName().endsWith(RunLease.FILE_NAME))
        .filter(child -> !child.getName().endsWith(RunLease.FILE_NAME + ".crc"))
        .toList();
  }

  private void prepare(Mode mode) throws IOException {
    List<Path> contents = contents(fs, path);
    switch (mode) {
      case RESUME -> reread();
      case OVERWRITE -> {
        for (Path child : contents) {
          fs.delete(child, true);
        }
      }
      case ERRORIFEXISTS -> {
        if (!contents.isEmpty()) {
          throw UserFault.usage("Cannot start: expected no run at " + path + ", found one");
        }
      }
    }
  }

  /** Goes back to the last checkpoint. */
  void reread() {
    latest = store.latest();
    progress = latest.map(Checkpoint::progress);
  }

  /** The network's settings of the last checkpoint, before {@link #resume}. */
  Optional<PriorConf> prior() {
    return latest.map(
        checkpoint ->
            ConfLoader.load(
                    List.of(new ConfLoader.Source("the checkpoint's config", checkpoint.config())),
                    List.of())
                .settings()
                .prior());
  }

  /**
   * The last checkpoint's state, once: its tensors are as large as the state, and not kept beside
   * it. Its settings must agree with the present ones.
   */
  Optional<TrainingState> resume(ConfLoader.Loaded now) {
    Optional<TrainingState> state = latest.map(checkpoint -> state(checkpoint, now.settings()));
    latest = Optional.empty();
    return state;
  }

  private static void sayIfSpreadOtherwise(Settings before, Settings now) {
    if (!before.spark().equals(now.spark())
        || before.data().batchSize() != now.data().batchSize()
        || before.pairsOfStep() != now.pairsOfStep()) {
      LOG.warn(
          "resuming with {}, batches of {} and steps of {} pairs, before with {}, batches of {} and"
              + " steps of {}: the result will not be that of an undisturbed run",
          now.spark(),
          now.data().batchSize(),
          now.pairsOfStep(),
          before.spark(),
          before.data().batchSize(),
          before.pairsOfStep());
    }
  }

  private static TrainingState state(Checkpoint checkpoint, Settings settings) {
    ConfLoader.Source source =
        new ConfLoader.Source("the checkpoint's config", checkpoint.config());
    Settings before = ConfLoader.load(List.of(source), List.of()).settings();
    Trainability.checkResumes(before, settings);
    sayIfSpreadOtherwise(before, settings);
    StateDict dict = new StateDict(settings.prior());
    return new TrainingState(
        dict.flat(checkpoint.model()),
        dict.moments(checkpoint.optimizer().orElseThrow()),
        settings.train().useEma() ? dict.flat(checkpoint.ema().orElseThrow()) : null,
        checkpoint.progress().step());
  }

  /** How far the last checkpoint had come. */
  RoundPlan.Start start() {
    return progress
        .map(p -> new RoundPlan.Start(p.round(), p.step(), p.examplesSeen()))
        .orElse(RoundPlan.Start.FRESH);
  }

  /** Writes the effective configuration; remembers what checkpoints tell about the data. */
  void begin(ConfLoader.Loaded loaded, Map<String, String> dataFacts) {
    PriorConf prior = loaded.settings().prior();
    String clip = dataFacts.getOrDefault("prior.clip", "unknown");
    String normalised = dataFacts.getOrDefault("prior.normalised", "unknown");
    Map<String, String> told = new HashMap<>();
    told.put("clip", clip);
    told.put("normalised", normalised);
    told.put("image_embed_scale", Float.toString(prior.scale()));
    if (dataFacts.containsKey(PairMetadata.MEAN_IMAGE_NORM)) {
      told.put("mean_image_norm", dataFacts.get(PairMetadata.MEAN_IMAGE_NORM));
    }
    facts = Map.copyOf(told);
    try {
      fs.mkdirs(path);
      TextFile.write(fs, new Path(path, CONFIG), loaded.effective());
    } catch (IOException e) {
      throw DataFaults.storage("write", path.toString(), e);
    }
  }

  /** The lines of the rounds before; what came after is done again. */
  RunLines metrics(long rounds) {
    return RunLines.ofRounds(fs, new Path(path, "metrics.jsonl"), rounds);
  }

  /** What follows the run, which goes on after the last checkpoint. */
  Tracking tracking(ConfLoader.Loaded loaded) {
    Map<String, String> shown = new TreeMap<>();
    for (String group : List.of("prior", "data", "train", "spark")) {
      shown.putAll(loaded.values(group));
    }
    return Tracking.of(
        loaded.settings().track(), new Tracking.Run(fs, path, start().step(), shown));
  }

  /** The list of shards that are left out. */
  SkippedShards skipped(int most, long rounds) {
    return new SkippedShards(fs, path, most, rounds);
  }

  /** What is decided by validation, as far as the run has come. */
  Judge judge(Optional<Validator> validator, ValidationConf conf, Tracking tracking) {
    long rounds = start().round();
    Judge judge = new Judge(validator, conf, new Validations(fs, path, conf, rounds), tracking);
    if (validator.isPresent()) {
      OptionalLong best = judge.validations().best();
      pointTo(
          best.isPresent() ? Optional.of(name(best.getAsLong())).filter(store::has) : store.best(),
          rounds);
    }
    return judge;
  }

  /** What a stop between two files left undone; a best one of rounds to come is none. */
  private void pointTo(Optional<String> best, long rounds) {
    Optional<String> known = best.filter(name -> name.compareTo(name(rounds)) <= 0);
    if (!known.equals(store.best())) {
      store.best(known);
    }
  }

  /** How often the run has gone back. */
  Rollbacks rollbacks(DivergenceConf conf) {
    return new Rollbacks(fs, path, conf, start().round());
  }

  /** Tells leaps from what the rounds so far were like. */
  DivergenceGuard guard(DivergenceConf conf) {
    RunLines metrics = metrics(start().round());
    return new DivergenceGuard(new Leaps(conf), metrics.all());
  }

  /** The weights to test: the best checkpoint's, or the last's. */
  Description toTest() {
    return CheckpointStore.describe(new HadoopLocation(fs, path));
  }

  /** Weights of a checkpoint, without what training alone needs. */
  static TrainingState weights(Description found, PriorConf prior) {
    StateDict dict = new StateDict(prior);
    boolean ema = CheckpointStore.kept(found.folder()).contains(Weights.EMA);
    return new TrainingState(
        dict.flat(CheckpointStore.weights(found.folder(), Weights.ONLINE)),
        new float[0],
        ema ? dict.flat(CheckpointStore.weights(found.folder(), Weights.EMA)) : null,
        found.progress().step());
  }

  /** Whether the run's test has been of this checkpoint. */
  boolean tested(String checkpoint) {
    return new RunLines(fs, new Path(path, TEST), line -> true)
        .all().stream().anyMatch(line -> Json.text(line, "checkpoint").equals(checkpoint));
  }

  /** Writes the run's test. */
  void test(Map<String, Object> measured) {
    lease.check();
    try {
      TextFile.write(fs, new Path(path, TEST), Json.line(measured) + "\n");
    } catch (IOException e) {
      throw DataFaults.storage("write", path.toString(), e);
    }
  }

  private static String name(long round) {
    return "round-%08d".formatted(round);
  }

  /** Makes the checkpoint of a round's end, which is published, the best one. */
  void best(long round) {
    store.best(Optional.of(name(round)));
  }

  /** Publishes a checkpoint of a round's end. */
  void publish(ConfLoader.Loaded loaded, Progress progress, TrainingState state) {
    StateDict dict = new StateDict(loaded.settings().prior());
    Checkpoint checkpoint =
        new Checkpoint(
            dict.model(state.parameters()),
            Optional.ofNullable(state.ema()).map(dict::model),
            Optional.of(dict.optimizer(state.moments())),
            loaded.effective(),
            progress,
            facts);
    lease.check();
    store.publish(checkpoint, name(progress.round()));
  }

  /** Lets others in. */
  @Override
  public void close() {
    lease.close();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
