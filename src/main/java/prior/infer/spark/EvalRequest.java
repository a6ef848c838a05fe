package prior.infer.spark;

import prior.conf.InferConf;
import prior.infer.HeldOutLoss;
import prior.infer.TrainedPrior;

/**
 * What is evaluated.
 *
 * @param other the model it is compared with; null for none
 * @param loss null where only predictions are measured
 * @param input pairs; where they were prepared, the folder's statistics give the mean image
 */
public record EvalRequest(
    TrainedPrior model,
    TrainedPrior other,
    HeldOutLoss.Meter loss,
    String input,
    String output,
    boolean overwrite) {

  /** Samples of each text: as many as are chosen from, and as many as tell diversity. */
  int samples(InferConf infer) {
    return Math.max(infer.samplesPerText(), model.settings().eval().diversitySamples());
  }

  /** Null where it is not asked for. */
  HeldOutLoss lossOf(TrainedPrior measured) {
    return loss == null ? null : loss.of(measured, input);
  }
}
