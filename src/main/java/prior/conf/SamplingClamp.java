package prior.conf;

/** What is done to each estimate of x_0 while sampling. */
public enum SamplingClamp {
  /** Nothing. */
  NONE,
  /** It is brought to the scale's length. */
  L2NORM,
  /** Its elements are cut to -1..1, as the reference does unless it predicts x_0. */
  RANGE
}
