package prior.infer;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Description;
import prior.checkpoint.Location;
import prior.checkpoint.StateDict;
import prior.checkpoint.Weights;
import prior.conf.ConfLoader;
import prior.conf.InferConf;
import prior.conf.Settings;
import prior.fault.UserFault;

/**
 * A model to predict with.
 *
 * @param settings the checkpoint's, with what the caller set over them
 * @param weights the flat parameter vector
 * @param id names the weights: checkpoint and digest
 * @param configHash digest of the effective configuration
 * @param facts what the model's record says of its training data
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainedPrior(
    Settings settings, float[] weights, String id, String configHash, Map<String, String> facts) {
  /** In {@code facts}: name of the CLIP model. */
  public static final String CLIP = "clip";

  /** In {@code facts}: "true" where all embeddings had length 1. */
  public static final String NORMALISED = "normalised";

  /** In {@code facts}: mean length of the image embeddings. */
  public static final String MEAN_IMAGE_NORM = "mean_image_norm";

  /**
   * Reads a model.
   *
   * @param runOrCheckpoint a run, of which the best checkpoint is taken, the latest where none is
   *     named so, or a checkpoint's folder
   * @param wanted null for the moving average where there is one, else the online weights
   * @param over the settings that hold, given the model's own
   * @throws UserFault where there is no whole model, or a setting does not fit it
   */
  public static TrainedPrior open(
      Location runOrCheckpoint,
      Weights wanted,
      Function<ConfLoader.Source, ConfLoader.Loaded> over) {
    Description found = CheckpointStore.describe(runOrCheckpoint);
    ConfLoader.Loaded loaded =
        over.apply(new ConfLoader.Source("the model's config", found.config()));
    Weights which = wanted == null ? CheckpointStore.preferred(found.folder()) : wanted;
    float[] flat =
        new StateDict(loaded.settings().prior())
            .flat(CheckpointStore.weights(found.folder(), which));
    String id = found.folder().name() + "/" + which.name().toLowerCase(Locale.ROOT);
    return new TrainedPrior(
        loaded.settings(),
        flat,
        id + "/" + Digest.of(flat),
        Digest.of(loaded.effective()),
        found.facts());
  }

  /**
   * Reads a model's averaged weights, where it has some.
   *
   * @param sets {@code key=value} over the model's own settings, as {@code --set} takes them
   */
  public static TrainedPrior open(Location runOrCheckpoint, List<String> sets) {
    return open(runOrCheckpoint, null, own -> ConfLoader.load(List.of(own), sets));
  }

  /** The same, predicted with otherwise. */
  public TrainedPrior with(InferConf infer) {
    Settings changed =
        new Settings(
            settings.prior(),
            settings.data(),
            settings.train(),
            settings.spark(),
            infer,
            settings.eval(),
            settings.prepare(),
            settings.validation(),
            settings.track());
    return new TrainedPrior(changed, weights, id, configHash, facts);
  }
}
