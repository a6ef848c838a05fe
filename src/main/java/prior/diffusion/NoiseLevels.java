package prior.diffusion;

import prior.conf.PriorConf;

/**
 * The weights of x_0 and of the noise in x_t, one of each for a timestep, by the schedule of the
 * family that holds.
 */
@SuppressWarnings("ArrayRecordComponent")
public record NoiseLevels(float[] signal, float[] noise) {

  /** Those of a prior's configuration. */
  public static NoiseLevels of(PriorConf prior) {
    float[] signal = new float[prior.trainTimesteps()];
    float[] noise = new float[prior.trainTimesteps()];
    switch (prior.family()) {
      case DALLE2 -> {
        NoiseSchedule schedule = NoiseSchedule.of(prior.betaSchedule(), prior.timesteps());
        for (int t = 0; t < signal.length; t++) {
          signal[t] = schedule.signal(t);
          noise[t] = schedule.noise(t);
        }
      }
      case UNCLIP -> {
        UnclipSchedule schedule = new UnclipSchedule(prior.unclip().scheduler());
        for (int t = 0; t < signal.length; t++) {
          signal[t] = schedule.signal(t);
          noise[t] = schedule.noise(t);
        }
      }
    }
    return new NoiseLevels(signal, noise);
  }

  /** T. */
  public int timesteps() {
    return signal.length;
  }

  /** The signal-to-noise ratio {@code ac / (1 - ac)}. */
  public double snr(int t) {
    double ratio = (double) signal[t] / noise[t];
    return ratio * ratio;
  }
}
