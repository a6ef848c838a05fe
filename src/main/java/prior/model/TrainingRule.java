package prior.model;

import java.io.Serializable;
import prior.conf.PriorConf;

/**
 * What the network does in training and not in sampling.
 *
 * @param dropout of attention and feed-forward
 * @param clampLength the length predictions are brought to before the loss; 0 to leave them
 */
public record TrainingRule(Dropout dropout, double clampLength) implements Serializable {
  /** Training computes what sampling does. */
  public static final TrainingRule PLAIN = new TrainingRule(Dropout.NONE, 0);

  /** The rule of a prior's configuration. */
  public static TrainingRule of(PriorConf prior, long seed) {
    return switch (prior.family()) {
      case DALLE2 ->
          new TrainingRule(
              Dropout.of(prior.net(), seed), prior.trainingClampL2norm() ? prior.scale() : 0);
      case UNCLIP -> new TrainingRule(Dropout.of(prior.unclip(), seed), 0);
    };
  }
}
