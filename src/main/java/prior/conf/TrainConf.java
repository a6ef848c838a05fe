package prior.conf;

import java.io.Serializable;
import java.util.List;

/**
 * {@code train}: the reference's trainer.
 *
 * @param wd decoupled weight decay
 * @param groupWdParams whether decay spares parameters with fewer than two axes
 * @param maxGradNorm length the gradient is cut to; null to leave it
 * @param warmupSteps null for none
 * @param decaySteps steps until the rate is {@code lrEnd}; null for {@code maxSteps}
 * @param lrPower of the polynomial schedule
 * @param initFrom run or checkpoint whose weights a new run begins with; null for fresh ones
 * @param maxSteps optimizer steps of a worker; null to go by epochs
 * @param accumulateSteps batches whose mean gradient makes one optimizer step
 * @param keepLast checkpoints that stay, the best one aside
 * @param averageUpdater whether Adam's moments are averaged; otherwise those of worker 0 go on
 */
public record TrainConf(
    String initFrom,
    double lr,
    double wd,
    double eps,
    List<Double> betas,
    boolean groupWdParams,
    Double maxGradNorm,
    LrSchedule lrSchedule,
    Integer warmupSteps,
    Integer decaySteps,
    double lrEnd,
    double lrPower,
    boolean useEma,
    double emaBeta,
    int emaUpdateAfterStep,
    int emaUpdateEvery,
    EmaRule emaRule,
    int epochs,
    Integer maxSteps,
    long randomSeed,
    int checkpointEveryRounds,
    int accumulateSteps,
    int noiseDrawsPerPair,
    TimeSampling timeSampling,
    boolean averageUpdater,
    NonFinitePolicy onNonFinite,
    int keepLast,
    DivergencePolicy onDivergence,
    DivergenceConf divergence)
    implements Serializable {

  public TrainConf {
    betas = List.copyOf(betas);
    boolean twoBetas = betas.size() == 2 && betas.stream().allMatch(b -> b >= 0 && b < 1);
    new Check()
        .within("lr", lr, 0, 10)
        .within("wd", wd, 0, 10)
        .within("eps", eps, 0, 1)
        .that(twoBetas, "betas must be two numbers within 0..1, 1 excluded, but was " + betas)
        .above("max_grad_norm", maxGradNorm, 0)
        .within("warmup_steps", warmupSteps, 1, Integer.MAX_VALUE)
        .within("decay_steps", decaySteps, 1, Integer.MAX_VALUE)
        .within("lr_end", lrEnd, 0, lr)
        .above("lr_power", lrPower, 0)
        .that(
            lrSchedule == LrSchedule.CONSTANT || decaySteps != null || maxSteps != null,
            "decay_steps or max_steps must be given where lr_schedule is not constant")
        .within("ema_beta", emaBeta, 0, 1)
        .within("ema_update_after_step", emaUpdateAfterStep, 0, Integer.MAX_VALUE)
        .within("ema_update_every", emaUpdateEvery, 1, Integer.MAX_VALUE)
        .within("epochs", epochs, 1, Integer.MAX_VALUE)
        .within("max_steps", maxSteps, 1, Integer.MAX_VALUE)
        .within("accumulate_steps", accumulateSteps, 1, 1000)
        .within("noise_draws_per_pair", noiseDrawsPerPair, 1, 1024)
        .within("checkpoint_every_rounds", checkpointEveryRounds, 1, Integer.MAX_VALUE)
        .within("keep_last", keepLast, 2, 1_000_000)
        .done();
  }

  /** Steps until the learning rate has fallen; null where it does not fall. */
  public Integer decayLength() {
    return switch (lrSchedule) {
      case CONSTANT -> null;
      case LINEAR, COSINE, POLYNOMIAL -> decaySteps == null ? maxSteps : decaySteps;
    };
  }
}
