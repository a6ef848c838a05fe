package prior.train;

import prior.model.TrainableNetwork.Part;

/**
 * All that training changes.
 *
 * @param parameters the flat parameter vector
 * @param moments Adam's first, then second moments, each of the parameters' length
 * @param ema the moving average of the parameters; null where none is kept
 * @param step optimizer steps taken
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingState(float[] parameters, float[] moments, float[] ema, long step) {

  /** The state before the first step. */
  public static TrainingState fresh(float[] parameters, boolean withEma) {
    float[] ema = withEma ? parameters.clone() : null;
    return new TrainingState(parameters, new float[2 * parameters.length], ema, 0);
  }

  /** The same numbers after more steps: those steps are left out. */
  public TrainingState skippingTo(long later) {
    return new TrainingState(parameters, moments, ema, later);
  }

  /** The lengths of its parts. */
  public StateShape shape() {
    return new StateShape(parameters.length, ema != null);
  }

  /** The numbers of a part; null for an average that is not kept. */
  public float[] part(Part part) {
    return switch (part) {
      case PARAMETERS -> parameters;
      case MOMENTS -> moments;
      case AVERAGE -> ema;
    };
  }
}
