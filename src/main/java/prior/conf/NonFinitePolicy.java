package prior.conf;

/** What a loss, gradient or parameter that is not finite does to a round. */
public enum NonFinitePolicy {
  /** The run ends; the last checkpoint stays. */
  FAIL,
  /** The workers that met one are left out of the round's average. */
  DROP,
  /** The whole round is left out. */
  ROLLBACK
}
