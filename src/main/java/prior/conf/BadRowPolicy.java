package prior.conf;

/** What a broken row does to a job over many. */
public enum BadRowPolicy {
  /** Ends it. */
  FAIL,
  /** Is left out and listed. */
  SKIP
}
