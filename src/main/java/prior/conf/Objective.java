package prior.conf;

/** What the network is trained to predict. */
public enum Objective {
  /** The clean embedding x_0. */
  X_START,
  /** The noise. */
  NOISE,
  /** {@code v = sqrt(ac) noise - sqrt(1 - ac) x_0} (Salimans and Ho 2022). */
  V
}
