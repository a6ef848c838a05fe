package prior.diffusion;

/**
 * Which timesteps DDIM visits: n+1 evenly spaced float32 values from -1 to T, the last dropped,
 * truncated, in falling order, so that the last is -1.
 *
 * <p>Rounding decides some of them, so the spacing is computed as a vectorised float32 linspace
 * does: fused multiply-adds, from the left end in the first half and from the right end in the
 * second.
 */
public final class DdimTimes {
  private DdimTimes() {}

  /**
   * The steps visited.
   *
   * @param timesteps T, the length of the schedule
   * @param n between 1 and T
   * @return n values; n = 1 gives only -1, that is no step at all
   */
  public static int[] of(int timesteps, int n) {
    int[] times = new int[n];
    float step = (timesteps + 1) / (float) n;
    for (int i = 0; i < n; i++) {
      float value =
          i < (n + 1) / 2 ? Math.fma(step, i, -1f) : Math.fma(-step, n - i, (float) timesteps);
      times[n - 1 - i] = (int) value;
    }
    return times;
  }
}
