package prior.train;

import java.util.List;

/** The weighted mean of what workers hold, element by element. */
public final class Shares {
  private Shares() {}

  /**
   * The mean by examples seen, summed in double in the given order: the same workers in the same
   * order give the same bits.
   *
   * @param values one array for each worker, of equal lengths
   * @param weights examples each worker saw, not all zero
   */
  public static float[] mean(List<float[]> values, List<Long> weights) {
    double total = weights.stream().mapToLong(Long::longValue).sum();
    double[] sum = new double[values.get(0).length];
    for (int worker = 0; worker < values.size(); worker++) {
      add(values.get(worker), weights.get(worker) / total, sum);
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) sum[i];
    }
    return mean;
  }

  private static void add(float[] values, double weight, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * values[i];
    }
  }
}
