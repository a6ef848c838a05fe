package prior.train.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Description;
import prior.checkpoint.HadoopLocation;
import prior.checkpoint.Location;
import prior.checkpoint.StateDict;
import prior.conf.AttributeConf;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.conf.RecordWords;
import prior.fault.UserFault;

/** {@code train.init_from}: the checkpoint whose settings and weights a new run begins with. */
public final class StartingPoint {
  /** What may differ: it decides neither parameters nor what they mean. */
  private static final List<String> FREE =
      List.of("attn_dropout", "ff_dropout", "dropout", "self_cond", "scheduler");

  private final Description found;

  private StartingPoint(Description found) {
    this.found = found;
  }

  /** A run, of which the best checkpoint is taken, else the latest, or a checkpoint. */
  static StartingPoint at(String path, Configuration hadoop) {
    return new StartingPoint(CheckpointStore.describe(HadoopLocation.of(path, hadoop)));
  }

  /**
   * The settings of a training: where {@code train.init_from} is given, its checkpoint's {@code
   * prior} group holds unless files or sets say otherwise; a run that is resumed has its own.
   *
   * @throws UserFault naming each key in which the network would be another
   */
  public static ConfLoader.Loaded settings(
      List<ConfLoader.Source> files, List<String> sets, String run, RunFolder.Mode mode) {
    String from = ConfLoader.given("train.init_from", files, sets).orElse(null);
    if (from == null) {
      return ConfLoader.load(files, sets);
    }
    Configuration hadoop = HadoopLocation.configuration();
    Location folder = HadoopLocation.of(run, hadoop);
    return switch (mode) {
      case RESUME ->
          new CheckpointStore(folder)
              .described()
              .map(own -> new StartingPoint(own).under(files, sets))
              .orElseGet(() -> at(from, hadoop).begin(files, sets));
      case OVERWRITE, ERRORIFEXISTS -> at(from, hadoop).begin(files, sets);
    };
  }

  private ConfLoader.Loaded begin(List<ConfLoader.Source> files, List<String> sets) {
    PriorConf before = ConfLoader.load(List.of(prior()), List.of()).settings().prior();
    ConfLoader.Loaded loaded = settled(under(files, sets), before.attributes());
    checkNetwork(before, loaded.settings().prior());
    return loaded;
  }

  /** Attributes named again without what the model has measured of them mean what it measured. */
  private static ConfLoader.Loaded settled(ConfLoader.Loaded loaded, List<AttributeConf> before) {
    List<AttributeConf> now = loaded.settings().prior().attributes();
    return now.stream().allMatch(AttributeConf::settled)
        ? loaded
        : loaded.withAttributes(
            now.stream().map(a -> a.among(before).map(a::settledAs).orElse(a)).toList());
  }

  private ConfLoader.Loaded under(List<ConfLoader.Source> files, List<String> sets) {
    List<ConfLoader.Source> all = new ArrayList<>(List.of(prior()));
    all.addAll(files);
    return ConfLoader.load(all, sets);
  }

  private ConfLoader.Source prior() {
    return ConfLoader.priorOf(
        new ConfLoader.Source("the config of " + found.folder(), found.config()));
  }

  private void checkNetwork(PriorConf before, PriorConf now) {
    List<String> problems = new ArrayList<>();
    compare("prior.family", before.family(), now.family(), problems);
    switch (before.family()) {
      case DALLE2 -> {
        compare("prior.net.", before.net(), now.net(), problems);
        compare("prior.image_scale", before.imageScale(), now.imageScale(), problems);
      }
      case UNCLIP -> compare("prior.unclip.", before.unclip(), now.unclip(), problems);
    }
    if (!problems.isEmpty()) {
      throw UserFault.usage(
          "Cannot start from "
              + found.folder()
              + ": its network is another:\n  "
              + String.join("\n  ", problems));
    }
  }

  private static void compare(String prefix, Record before, Record now, List<String> problems) {
    Map<String, Object> after = RecordWords.of(now);
    RecordWords.of(before)
        .forEach(
            (key, value) -> {
              if (!FREE.contains(key)) {
                compare(prefix + key, value, after.get(key), problems);
              }
            });
  }

  private static void compare(String key, Object before, Object now, List<String> problems) {
    if (!Objects.equals(before, now)) {
      problems.add(key + ": expected " + before + ", found " + now);
    }
  }

  /** The flat vector of its moving average, or of its online weights where it keeps none. */
  float[] weights(PriorConf prior) {
    return new StateDict(prior)
        .flat(CheckpointStore.weights(found.folder(), CheckpointStore.preferred(found.folder())));
  }
}
