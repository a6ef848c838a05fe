package prior.infer.spark;

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

  /** Of a model's predictions alone. */
  public EvalRequest(TrainedPrior model, String input, String output, boolean overwrite) {
    this(model, null, null, input, output, overwrite);
  }
}
