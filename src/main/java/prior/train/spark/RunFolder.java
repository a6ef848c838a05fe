package prior.train.spark;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.checkpoint.Checkpoint;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.HadoopLocation;
import prior.checkpoint.Progress;
import prior.checkpoint.StateDict;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.data.DataFaults;
import prior.data.spark.TextFile;
import prior.fault.UserFault;
import prior.train.Trainability;
import prior.train.TrainingState;

/**
 * A training run on disk: {@code config.conf}, {@code metrics.jsonl}, {@code checkpoints}, {@code
 * LATEST}.
 */
public final class RunFolder {
  private static final String CONFIG = "config.conf";

  private final FileSystem fs;
  private final Path path;
  private final CheckpointStore store;
  private Optional<Checkpoint> latest = Optional.empty();
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

  private RunFolder(FileSystem fs, Path path) {
    this.fs = fs;
    this.path = path;
    this.store = new CheckpointStore(new HadoopLocation(fs, path));
  }

  /** Opens a run folder, which need not exist. */
  static RunFolder open(Configuration conf, String run, Mode mode) {
    try {
      Path plain = new Path(run);
      FileSystem fs = plain.getFileSystem(conf);
      RunFolder folder = new RunFolder(fs, fs.makeQualified(plain));
      folder.prepare(mode);
      return folder;
    } catch (IOException e) {
      throw DataFaults.storage("open", run, e);
    }
  }

  private void prepare(Mode mode) throws IOException {
    boolean used = fs.exists(path) && fs.listStatus(path).length > 0;
    if (used && !fs.exists(new Path(path, CONFIG))) {
      throw UserFault.usage(
          "Cannot use " + path + " as run folder: expected a run or nothing, found other files");
    }
    switch (mode) {
      case RESUME -> latest = store.latest();
      case OVERWRITE -> {
        if (used) {
          fs.delete(path, true);
        }
      }
      case ERRORIFEXISTS -> {
        if (used) {
          throw UserFault.usage("Cannot start: expected no run at " + path + ", found one");
        }
      }
    }
  }

  /** The last checkpoint's state; its settings must agree with the present ones. */
  Optional<TrainingState> resume(ConfLoader.Loaded now) {
    return latest.map(
        checkpoint -> {
          ConfLoader.Source source =
              new ConfLoader.Source("the checkpoint's config", checkpoint.config());
          Settings before = ConfLoader.load(List.of(source), List.of()).settings();
          Trainability.checkResumes(before, now.settings());
          return state(checkpoint, now.settings());
        });
  }

  private static TrainingState state(Checkpoint checkpoint, Settings settings) {
    StateDict dict = new StateDict(settings.prior());
    return new TrainingState(
        dict.flat(checkpoint.model()),
        dict.moments(checkpoint.optimizer().orElseThrow()),
        settings.train().useEma() ? dict.flat(checkpoint.ema().orElseThrow()) : null,
        checkpoint.progress().step());
  }

  /** Pairs seen up to the last checkpoint. */
  long examples() {
    return latest.map(checkpoint -> checkpoint.progress().examplesSeen()).orElse(0L);
  }

  /** Writes the effective configuration; remembers what checkpoints tell about the data. */
  void begin(ConfLoader.Loaded loaded, Map<String, String> dataFacts) {
    PriorConf prior = loaded.settings().prior();
    String clip = dataFacts.getOrDefault("prior.clip", "unknown");
    facts = Map.of("clip", clip, "image_embed_scale", Float.toString(prior.scale()));
    try {
      fs.mkdirs(path);
      TextFile.write(fs, new Path(path, CONFIG), loaded.effective());
    } catch (IOException e) {
      throw DataFaults.storage("write", path.toString(), e);
    }
  }

  MetricsLog metrics(long rounds) {
    return new MetricsLog(fs, path, rounds);
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
    store.publish(checkpoint, "round-%08d".formatted(progress.round()));
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
