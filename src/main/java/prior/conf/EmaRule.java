package prior.conf;

/** Whose releases of the reference's averaging package the moving average follows. */
public enum EmaRule {
  /** Older: copies once more at the first update after the waiting time. */
  A,
  /** Later: copies at the very first update. */
  B
}
