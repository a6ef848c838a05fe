package prior.track;

/** How a run ended, as far as it could still say so. */
public enum Outcome {
  FINISHED,
  FAILED
}
