package prior.train;

import java.io.Serializable;

/**
 * All that training changes, as it travels between driver and workers.
 *
 * @param parameters the flat parameter vector
 * @param moments Adam's first, then second moments, each of the parameters' length
 * @param ema the moving average of the parameters; null where none is kept
 * @param step optimizer steps taken
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingState(float[] parameters, float[] moments, float[] ema, long step)
    implements Serializable {

  /** The state before the first step. */
  public static TrainingState fresh(float[] parameters, boolean withEma) {
    float[] ema = withEma ? parameters.clone() : null;
    return new TrainingState(parameters, new float[2 * parameters.length], ema, 0);
  }

  /** The same numbers after more steps: those steps are left out. */
  public TrainingState skippingTo(long later) {
    return new TrainingState(parameters, moments, ema, later);
  }

  private Object writeReplace() {
    return new Wire(
        new Floats(parameters), new Floats(moments), ema == null ? null : new Floats(ema), step);
  }

  private record Wire(Floats parameters, Floats moments, Floats ema, long step)
      implements Serializable {
    private Object readResolve() {
      return new TrainingState(
          parameters.values(), moments.values(), ema == null ? null : ema.values(), step);
    }
  }
}
