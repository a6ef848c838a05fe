package prior.conf;

import java.io.Serializable;

/**
 * {@code train.divergence}: when a run has diverged, and how a rollback goes on.
 *
 * @param lossFactor a round's loss in multiples of the median of the rounds before
 * @param normFactor the same of its gradient norm
 * @param window rounds whose median is taken; nothing is judged before there were half as many
 * @param lrFactor what the learning rate is multiplied by at each rollback
 * @param maxRollbacks after which the run ends instead
 */
public record DivergenceConf(
    double lossFactor, double normFactor, int window, double lrFactor, int maxRollbacks)
    implements Serializable {

  public DivergenceConf {
    new Check()
        .above("loss_factor", lossFactor, 1)
        .above("norm_factor", normFactor, 1)
        .within("window", window, 2, 10_000)
        .above("lr_factor", lrFactor, 0)
        .within("lr_factor", lrFactor, 0, 1)
        .within("max_rollbacks", maxRollbacks, 0, 100)
        .done();
  }
}
