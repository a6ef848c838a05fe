package prior.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import prior.conf.Family;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.fault.UserFault;

/** What a configuration must be for training to start, and to go on with what another began. */
public final class Trainability {
  private Trainability() {}

  /** Refuses what cannot be trained, all reasons at once. */
  public static void check(Settings settings) {
    PriorConf prior = settings.prior();
    List<String> problems = new ArrayList<>();
    require(settings.data().train() != null, "data.train must name Parquet files", problems);
    require(
        prior.textDim() == 0 || settings.data().columns().textEmbedding() != null,
        "data.columns.text_embedding must name a column unless prior.net.text_embed_width is 0",
        problems);
    require(
        prior.family() == Family.DALLE2 || settings.train().noiseDrawsPerPair() == 1,
        "train.noise_draws_per_pair must be 1 for networks of the unclip family",
        problems);
    fail("Cannot train", problems);
  }

  /**
   * Refuses to resume where a setting that decides what is learned from has changed; names each.
   * Another number of workers, rhythm or batch size is allowed: the rows go on where they were.
   */
  public static void checkResumes(Settings before, Settings now) {
    List<String> problems = new ArrayList<>();
    same("prior", before.prior(), now.prior(), problems);
    same("data.train", before.data().train(), now.data().train(), problems);
    same("data.columns", before.data().columns(), now.data().columns(), problems);
    same("train.random_seed", before.train().randomSeed(), now.train().randomSeed(), problems);
    same(
        "train.noise_draws_per_pair",
        before.train().noiseDrawsPerPair(),
        now.train().noiseDrawsPerPair(),
        problems);
    same(
        "train.time_sampling", before.train().timeSampling(), now.train().timeSampling(), problems);
    same("train.use_ema", before.train().useEma(), now.train().useEma(), problems);
    fail("Cannot resume with other settings (start a new run, or use --mode overwrite)", problems);
  }

  private static void same(String key, Object before, Object now, List<String> problems) {
    require(Objects.equals(before, now), key + " was " + before + ", is now " + now, problems);
  }

  private static void require(boolean holds, String rule, List<String> problems) {
    if (!holds) {
      problems.add(rule);
    }
  }

  private static void fail(String what, List<String> problems) {
    if (!problems.isEmpty()) {
      throw UserFault.usage(what + ":\n  " + String.join("\n  ", problems));
    }
  }
}
