package prior.conf;

/** How a prediction's distance to its target is measured; all are means. */
public enum LossType {
  /** Absolute difference. */
  L1,
  /** Squared difference. */
  L2,
  /** Smooth l1 with beta 1. */
  HUBER
}
