package prior.conf;

import java.util.Locale;

/** What the loss of a row is multiplied by, by its timestep. */
public enum LossWeight {
  /** 1. */
  NONE,
  /** What cuts the weight of x_0's loss, snr, at gamma (Hang et al. 2023). */
  MIN_SNR,
  /** {@code (k + snr)^-gamma} (Choi et al. 2022). */
  P2;

  /** As in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
