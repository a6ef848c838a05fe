package prior.conf;

/** How the timesteps of DPM-Solver++ are spaced. */
public enum DpmppGrid {
  /** Evenly in the timestep. */
  TIME,
  /** Evenly in lambda, the logarithm of signal over noise. */
  LAMBDA
}
