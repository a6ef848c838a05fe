package prior.conf;

/** What a broken row does to the preparation of data. */
public enum BadRowPolicy {
  /** Ends it. */
  FAIL,
  /** Is left out and listed, up to a limit. */
  SKIP
}
