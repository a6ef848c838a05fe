package prior.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import prior.fault.UserFault;

/**
 * What DALLE2-pytorch's training configuration says in other words than ours. Keys with no meaning
 * here (there is no CLIP to load and no tracker to feed) are dropped and told by name.
 */
final class ReferenceKeys {
  private static final List<String> WITHOUT_MEANING =
      List.of(
          "prior.clip",
          "prior.image_size",
          "prior.image_channels",
          "prior.image_embed_dim",
          "data.image_url",
          "data.meta_url",
          "data.splits",
          "data.num_data_points",
          "data.eval_every_seconds",
          "train.amp",
          "train.save_every_seconds",
          "train.eval_timesteps",
          "train.eval_every_seconds",
          "train.num_samples_per_batch",
          "train.best_validation_loss",
          "train.current_epoch",
          "train.num_samples_seen",
          "tracker",
          "wandb");
  private static final String PREDICT_X_START = "prior.predict_x_start";
  private static final String PREDICT_V = "prior.predict_v";
  private static final String CLAMP_L2NORM = "prior.sampling_clamp_l2norm";
  private static final String CLAMP = "prior.sampling_clamp";
  private static final List<String> ONLY_WITH_X_START =
      List.of("prior.sampling_final_clamp_l2norm", "prior.training_clamp_l2norm");

  private static final String ETA = "infer.eta";
  private static final String COSINE_DECAY = "train.cosine_decay_max_steps";
  private static final String SCHEDULE = "train.lr_schedule";
  private static final String DECAY = "train.decay_steps";

  private ReferenceKeys() {}

  /**
   * A configuration in our words.
   *
   * @param ignored keys that were dropped
   */
  record Translated(Config config, List<String> ignored) {}

  static Translated translate(Config config) {
    List<String> ignored = new ArrayList<>();
    Config left = config;
    for (String key : WITHOUT_MEANING) {
      if (left.hasPathOrNull(key)) {
        ignored.add(key);
        left = left.withoutPath(key);
      }
    }
    return new Translated(
        translateDecay(translateObjective(translateClamps(translateEta(left)))), ignored);
  }

  /** One number that also says which schedule. */
  private static Config translateDecay(Config config) {
    if (!config.hasPath(COSINE_DECAY)) {
      return config.withoutPath(COSINE_DECAY);
    }
    if (config.hasPath(SCHEDULE) || config.hasPath(DECAY)) {
      throw UserFault.usage(
          "Cannot use %s beside %s or %s: expected one or the other, found both (it says cosine and"
                  .formatted(COSINE_DECAY, SCHEDULE, DECAY)
              + " its steps)");
    }
    return config
        .withValue(SCHEDULE, ConfigValueFactory.fromAnyRef(LrSchedule.COSINE.name()))
        .withValue(DECAY, config.getValue(COSINE_DECAY))
        .withoutPath(COSINE_DECAY);
  }

  /** Checkpoints written before samplers had names hold eta without its sampler's. */
  private static Config translateEta(Config config) {
    return config.hasPath(ETA) && !config.hasPath("infer.ddim_eta")
        ? config.withValue("infer.ddim_eta", config.getValue(ETA)).withoutPath(ETA)
        : config.withoutPath(ETA);
  }

  /**
   * Without {@code predict_x_start} the reference cuts estimates to -1..1 and leaves its other
   * clamps out, whatever is predicted.
   */
  private static Config translateClamps(Config config) {
    Config left = config.withoutPath(CLAMP_L2NORM);
    if (config.hasPath(PREDICT_X_START) && !config.getBoolean(PREDICT_X_START)) {
      for (String key : ONLY_WITH_X_START) {
        left = left.withValue(key, ConfigValueFactory.fromAnyRef(false));
      }
      return left.withValue(CLAMP, ConfigValueFactory.fromAnyRef(SamplingClamp.RANGE.name()));
    }
    if (!config.hasPath(CLAMP_L2NORM)) {
      return left;
    }
    SamplingClamp clamp =
        config.getBoolean(CLAMP_L2NORM) ? SamplingClamp.L2NORM : SamplingClamp.NONE;
    return left.withValue(CLAMP, ConfigValueFactory.fromAnyRef(clamp.name()));
  }

  /** Two booleans, of which {@code predict_v} wins, become one objective. */
  private static Config translateObjective(Config config) {
    if (!config.hasPath(PREDICT_X_START) && !config.hasPath(PREDICT_V)) {
      return config.withoutPath(PREDICT_X_START).withoutPath(PREDICT_V);
    }
    boolean v = config.hasPath(PREDICT_V) && config.getBoolean(PREDICT_V);
    boolean x0 = !config.hasPath(PREDICT_X_START) || config.getBoolean(PREDICT_X_START);
    Objective objective = v ? Objective.V : x0 ? Objective.X_START : Objective.NOISE;
    return config
        .withoutPath(PREDICT_X_START)
        .withoutPath(PREDICT_V)
        .withValue("prior.objective", ConfigValueFactory.fromAnyRef(objective.name()));
  }
}
