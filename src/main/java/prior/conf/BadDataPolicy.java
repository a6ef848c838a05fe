package prior.conf;

/** What a broken row does to the preparation of data, and a broken shard to training. */
public enum BadDataPolicy {
  /** Ends it. */
  FAIL,
  /** Is left out and listed, up to a limit. */
  SKIP
}
