package prior.model;

import prior.conf.TrainConf;

/**
 * The optimizer a training configuration describes.
 *
 * @param learningRate of each step
 * @param updater AdamW's step
 * @param weightDecay its decay
 */
public record Optimization(LearningRate learningRate, AdamW updater, WeightDecayRule weightDecay) {

  /** From the reference's settings. */
  public static Optimization of(TrainConf train) {
    int warmup = train.warmupSteps() == null ? 0 : train.warmupSteps();
    LearningRate rate = new LearningRate(train.lr(), warmup, decay(train));
    AdamW updater =
        new AdamW(
            rate,
            train.betas().get(0),
            train.betas().get(1),
            train.eps(),
            orUnlimited(train.maxGradNorm()));
    return new Optimization(rate, updater, new WeightDecayRule(train.wd(), !train.groupWdParams()));
  }

  private static double orUnlimited(Double norm) {
    return norm == null ? Double.POSITIVE_INFINITY : norm;
  }

  private static LearningRate.Decay decay(TrainConf train) {
    Integer steps = train.decayLength();
    return steps == null
        ? LearningRate.Decay.NONE
        : new LearningRate.Decay(train.lrSchedule(), steps, train.lrEnd(), train.lrPower());
  }
}
