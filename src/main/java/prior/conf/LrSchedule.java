package prior.conf;

/** How the learning rate falls, beside its warm-up. */
public enum LrSchedule {
  /** It does not. */
  CONSTANT,
  /** Along a line. */
  LINEAR,
  /** Along half a cosine. */
  COSINE,
  /** As a power of what is left. */
  POLYNOMIAL
}
