package prior.conf;

/** What happens to a run whose loss or gradient leaps away from what it was, or is no number. */
public enum DivergencePolicy {
  /** The run ends; the last checkpoint stays. */
  STOP,
  /** It goes back to the last checkpoint, with a lower learning rate from there on. */
  ROLLBACK,
  /** It goes on. */
  IGNORE
}
