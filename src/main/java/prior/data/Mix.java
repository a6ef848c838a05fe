package prior.data;

/** The 64-bit mixing steps of SplitMix64 (Steele, Lea and Flood, 2014) and the FNV-1a hash. */
final class Mix {
  static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private Mix() {}

  /** A bijection of 64 bits in which every input bit moves about half of the output bits. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Folds one more number into a state; the order of the numbers matters. */
  static long fold(long state, long name) {
    return mix(state * 0xD1342543DE82EF95L + mix(name + GOLDEN));
  }

  static long fnv(String text) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }
}
