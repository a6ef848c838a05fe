package prior.model;

import java.io.Serializable;
import prior.conf.NetConf;
import prior.conf.UnclipConf;

/**
 * Dropout in training.
 *
 * @param attention probability that an attention weight, in diffusers' network an element of
 *     attention's output, is dropped
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

  /** The dropout of a configuration of diffusers' network, which has one rate. */
  public static Dropout of(UnclipConf unclip, long seed) {
    return new Dropout(unclip.dropout(), unclip.dropout(), seed);
  }

  /** The dropout of a network's configuration. */
  public static Dropout of(NetConf net, long seed) {
    return new Dropout(net.attnDropout(), net.ffDropout(), seed);
  }
}
