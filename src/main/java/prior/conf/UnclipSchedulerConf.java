package prior.conf;

import java.io.Serializable;

/**
 * {@code prior.unclip.scheduler}: diffusers' {@code UnCLIPScheduler}, under its own names.
 *
 * @param numTrainTimesteps T, length of the noise schedule
 * @param clipSampleRange estimates of x_0 are cut to plus and minus this where {@code clipSample}
 */
public record UnclipSchedulerConf(
    int numTrainTimesteps,
    VarianceType varianceType,
    boolean clipSample,
    double clipSampleRange,
    PredictionType predictionType,
    BetaScheduleType betaSchedule)
    implements Serializable {

  /** The variance of a step; a learned one needs a network that predicts it. */
  public enum VarianceType {
    FIXED_SMALL_LOG
  }

  /** What the network predicts. */
  public enum PredictionType {
    /** x_0. */
    SAMPLE,
    /** The noise. */
    EPSILON
  }

  /** The noise schedule's name. */
  public enum BetaScheduleType {
    /** The cosine one (Nichol and Dhariwal 2021). */
    SQUAREDCOS_CAP_V2
  }

  public UnclipSchedulerConf {
    new Check()
        .within("num_train_timesteps", numTrainTimesteps, 2, 1_000_000)
        .above("clip_sample_range", clipSampleRange, 0)
        .done();
  }

  /** What the network predicts, as the other family calls it. */
  public Objective objective() {
    return switch (predictionType) {
      case SAMPLE -> Objective.X_START;
      case EPSILON -> Objective.NOISE;
    };
  }
}
