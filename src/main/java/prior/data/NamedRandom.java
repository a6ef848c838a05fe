package prior.data;

/**
 * Random numbers that are a function of names: the same seed, purpose and names give the same
 * numbers on every JVM, in any partitioning and after any retry.
 *
 * <p>SplitMix64 over a counter, started at a hash of the names. Not for secrets. One instance is
 * for one thread.
 */
public final class NamedRandom {
  private static final double UNIT = 0x1.0p-53;

  private long state;

  private NamedRandom(long state) {
    this.state = state;
  }

  /**
   * Opens the stream of the given names, for example {@code of(seed, "noise", epoch, rowId)}.
   *
   * @param purpose what the numbers are for, so that two uses of one row never share numbers
   */
  public static NamedRandom of(long seed, String purpose, long... names) {
    long state = Mix.fold(Mix.mix(seed + Mix.GOLDEN), Mix.fnv(purpose));
    for (long name : names) {
      state = Mix.fold(state, name);
    }
    return new NamedRandom(state);
  }

  /** All 64 bits, uniform. */
  public long nextLong() {
    state += Mix.GOLDEN;
    return Mix.mix(state);
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * UNIT;
  }

  /** Uniform in [0, bound), without bias. */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException(
          "Cannot draw an int: bound out of range, expected at least 1, found " + bound);
    }
    long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound;
    long bits = nextLong() >>> 1;
    while (bits >= limit) {
      bits = nextLong() >>> 1;
    }
    return (int) (bits % bound);
  }

  /** One standard normal number. */
  public double nextGaussian() {
    float[] one = new float[1];
    fillGaussian(one, 0, 1);
    return one[0];
  }

  /**
   * Fills {@code into[from .. from + count)} with standard normal numbers by Marsaglia's polar
   * method. Each call starts afresh: nothing is kept over from an odd count.
   */
  public void fillGaussian(float[] into, int from, int count) {
    for (int i = 0; i < count; i += 2) {
      double x;
      double y;
      double square;
      do {
        x = 2 * nextDouble() - 1;
        y = 2 * nextDouble() - 1;
        square = x * x + y * y;
      } while (square >= 1 || square == 0);
      double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
      into[from + i] = (float) (x * factor);
      if (i + 1 < count) {
        into[from + i + 1] = (float) (y * factor);
      }
    }
  }
}
