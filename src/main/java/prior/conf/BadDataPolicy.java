package prior.conf;

/** What a broken row does to preparation and inference, and a broken shard to training. */
public enum BadDataPolicy {
  /** Ends it. */
  FAIL,
  /** Is left out and listed; preparation and training up to a limit. */
  SKIP
}
