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
    LearningRate rate =
        new LearningRate(
            train.lr(), orNone(train.warmupSteps()), orNone(train.cosineDecayMaxSteps()));
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

  private static int orNone(Integer steps) {
    return steps == null ? 0 : steps;
  }
}
