package prior.infer.spark;

import java.util.Map;
import java.util.Optional;
import prior.conf.InferConf;
import prior.conf.Settings;
import prior.data.spark.TextFacts;
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
  static final String CLIP = "clip";

  /** In {@code facts}: "true" where all embeddings had length 1. */
  static final String NORMALISED = "normalised";

  private static final String UNKNOWN = "unknown";

  /** The same, predicted with otherwise. */
  TrainedPrior with(InferConf infer) {
    return new TrainedPrior(
        new Settings(
            settings.prior(),
            settings.data(),
            settings.train(),
            settings.spark(),
            infer,
            settings.eval(),
            settings.prepare()),
        weights,
        id,
        configHash,
        facts);
  }

  /** Refuses texts that are known to be of another kind than the model's. */
  void refuseOther(String input, TextFacts texts) {
    if (!settings.infer().checkClip()) {
      return;
    }
    refuseOther(input, "texts of another CLIP", CLIP, texts.clip());
    refuseOther(input, "texts normalised otherwise", NORMALISED, texts.normalised());
  }

  private void refuseOther(String input, String what, String fact, Optional<String> found) {
    String own = facts.getOrDefault(fact, UNKNOWN);
    String theirs = found.orElse(UNKNOWN);
    if (!own.equals(UNKNOWN) && !theirs.equals(UNKNOWN) && !own.equals(theirs)) {
      throw UserFault.data(
          ("Cannot predict %s: %s than the model's, expected %s %s, found %s;"
                  + " infer.check_clip = false takes them all the same")
              .formatted(input, what, fact, own, theirs));
    }
  }
}
