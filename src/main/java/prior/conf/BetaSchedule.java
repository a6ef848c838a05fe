package prior.conf;

/** How much noise each timestep adds. */
public enum BetaSchedule {
  COSINE,
  LINEAR,
  QUADRATIC,
  JSD,
  SIGMOID
}
