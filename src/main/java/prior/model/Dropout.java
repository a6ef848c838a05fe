package prior.model;

import java.io.Serializable;
import prior.conf.NetConf;

/**
 * Dropout in training.
 *
 * @param attention probability that an attention weight is dropped
 * @param feedForward probability that a hidden value of the feed-forward is dropped
 * @param seed of the masks, which are drawn by seed, batch and layer
 */
public record Dropout(double attention, double feedForward, long seed) implements Serializable {
  /** Nothing is dropped. */
  public static final Dropout NONE = new Dropout(0, 0, 0);

  /** Whether anything is dropped. */
  boolean drops() {
    return attention > 0 || feedForward > 0;
  }

  /** The dropout of a network's configuration. */
  public static Dropout of(NetConf net, long seed) {
    return new Dropout(net.attnDropout(), net.ffDropout(), seed);
  }
}
