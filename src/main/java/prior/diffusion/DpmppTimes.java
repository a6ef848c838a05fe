package prior.diffusion;

import java.util.function.IntToDoubleFunction;
import prior.conf.DpmppGrid;

/** Which timesteps DPM-Solver++ visits: as many as steps, falling, beginning with T - 1. */
final class DpmppTimes {
  private DpmppTimes() {}

  /**
   * The timesteps, each visited once.
   *
   * @param steps between 1 and T
   */
  static int[] of(NoiseSchedule schedule, DpmppGrid grid, int steps) {
    int last = schedule.timesteps() - 1;
    return switch (grid) {
      case TIME -> falling(last, steps, i -> last - (double) last * i / steps);
      case LAMBDA -> {
        int noisiest = Double.isInfinite(schedule.lambda(last)) && last > 0 ? last - 1 : last;
        double from = schedule.lambda(noisiest);
        double width = (schedule.lambda(0) - from) / Math.max(1, steps - 1);
        yield falling(last, steps, i -> nearest(schedule, from + width * i));
      }
    };
  }

  /** Whole timesteps near the wanted ones, none twice. */
  private static int[] falling(int last, int steps, IntToDoubleFunction wanted) {
    int[] times = new int[steps];
    times[0] = last;
    for (int i = 1; i < steps; i++) {
      int near = (int) Math.rint(wanted.applyAsDouble(i));
      times[i] = Math.max(steps - 1 - i, Math.min(times[i - 1] - 1, near));
    }
    return times;
  }

  /** The timestep whose lambda, which falls with time, is nearest. */
  private static int nearest(NoiseSchedule schedule, double lambda) {
    int below = 0;
    int above = schedule.timesteps() - 1;
    while (above - below > 1) {
      int middle = (below + above) >>> 1;
      if (schedule.lambda(middle) >= lambda) {
        below = middle;
      } else {
        above = middle;
      }
    }
    double toBelow = Math.abs(schedule.lambda(below) - lambda);
    return toBelow <= Math.abs(schedule.lambda(above) - lambda) ? below : above;
  }
}
