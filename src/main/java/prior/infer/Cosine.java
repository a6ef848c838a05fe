package prior.infer;

/** The cosine of two vectors, summed in double; 0 where one is zero. */
public final class Cosine {
  private Cosine() {}

  public static double of(float[] a, float[] b) {
    return of(a, 0, b, 0, a.length);
  }

  /** Of {@code length} elements from {@code fromA} and {@code fromB} on. */
  public static double of(float[] a, int fromA, float[] b, int fromB, int length) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < length; i++) {
      double x = a[fromA + i];
      double y = b[fromB + i];
      dot += x * y;
      aa += x * x;
      bb += y * y;
    }
    return aa == 0 || bb == 0 ? 0 : dot / Math.sqrt(aa * bb);
  }
}
