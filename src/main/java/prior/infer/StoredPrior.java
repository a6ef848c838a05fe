package prior.infer;

import java.util.List;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Description;
import prior.checkpoint.Location;
import prior.checkpoint.StateDict;
import prior.conf.ConfLoader;
import prior.conf.Settings;

/**
 * A model out of its folder.
 *
 * @param settings the model's own, with what the caller set over them
 * @param weights the flat vector, averaged where the run kept an average
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredPrior(Description found, Settings settings, float[] weights) {

  /**
   * Reads a model.
   *
   * @param model a run folder or one of its checkpoints
   * @param sets {@code key=value}, as {@code --set} takes them
   */
  public static StoredPrior read(Location model, List<String> sets) {
    Description found = CheckpointStore.describe(model);
    ConfLoader.Source own = new ConfLoader.Source("the model's config", found.config());
    Settings settings = ConfLoader.load(List.of(own), sets).settings();
    Location folder = found.folder();
    float[] weights =
        new StateDict(settings.prior())
            .flat(CheckpointStore.weights(folder, CheckpointStore.preferred(folder)));
    return new StoredPrior(found, settings, weights);
  }
}
