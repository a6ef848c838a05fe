package prior.train;

/**
 * The weighted mean of what workers hold, element by element: {@code sum_k w_k x_k / sum_k w_k}, in
 * double, in the order the workers are added. The same workers in the same order give the same
 * bits, and equal ones their own.
 */
public final class Shares {
  private final double[] sum;
  private int length;
  private long total;

  /**
   * @param most the most elements there will be
   */
  public Shares(int most) {
    this.sum = new double[most];
  }

  /**
   * Adds a worker; the first after {@link #mean} says how many elements there are.
   *
   * @param weight examples it saw
   */
  public void add(Floats values, long weight) {
    if (total == 0) {
      length = values.count();
      begin(values, weight);
    } else if (values.count() == length) {
      accumulate(values, weight);
    } else {
      throw new IllegalArgumentException(
          "Cannot average: expected " + length + " numbers, found " + values.count());
    }
    total += weight;
  }

  private void begin(Floats values, double weight) {
    float[] array = values.array();
    int from = values.from();
    for (int i = 0; i < length; i++) {
      sum[i] = weight * array[from + i];
    }
  }

  private void accumulate(Floats values, double weight) {
    float[] array = values.array();
    int from = values.from();
    for (int i = 0; i < length; i++) {
      sum[i] += weight * array[from + i];
    }
  }

  /** The weights of those added since the last mean. */
  public long total() {
    return total;
  }

  /** The mean of those added since the last, whose weights must not all be zero. */
  public float[] mean() {
    divide(total);
    float[] mean = new float[length];
    for (int i = 0; i < length; i++) {
      mean[i] = (float) sum[i];
    }
    total = 0;
    return mean;
  }

  /** Apart, since the compiler vectorises no loop that also narrows. */
  private void divide(double weights) {
    for (int i = 0; i < length; i++) {
      sum[i] /= weights;
    }
  }
}
