package prior.conf;

/** How often training draws each timestep. */
public enum TimeSampling {
  /** All alike. */
  UNIFORM,
  /** In proportion to the loss expected there; each row weighs by one over that. */
  IMPORTANCE
}
