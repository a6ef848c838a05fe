package prior.model;

/**
 * Sums over a row by folding it in halves, a loop the compiler vectorises; adding one element after
 * another is not one.
 */
final class RowSums {
  private static final int SHORT = 32;

  private float[] folded;
  private float[] spare;

  /**
   * @param length of the rows
   */
  RowSums(int length) {
    this.folded = new float[length / 2 + 1];
    this.spare = new float[length / 2 + 1];
  }

  float sum(float[] x, int length) {
    int half = length / 2;
    fold(x, half, folded);
    float odd = length % 2 == 0 ? 0 : x[length - 1];
    return odd + foldedSum(half);
  }

  /** The sum of products. */
  float product(float[] x, float[] y, int length) {
    int half = length / 2;
    for (int i = 0; i < half; i++) {
      folded[i] = x[i] * y[i] + x[half + i] * y[half + i];
    }
    float odd = length % 2 == 0 ? 0 : x[length - 1] * y[length - 1];
    return odd + foldedSum(half);
  }

  private float foldedSum(int length) {
    int left = length;
    while (left > SHORT && left % 2 == 0) {
      left /= 2;
      fold(folded, left, spare);
      float[] done = folded;
      folded = spare;
      spare = done;
    }
    float sum = 0;
    for (int i = 0; i < left; i++) {
      sum += folded[i];
    }
    return sum;
  }

  private static void fold(float[] x, int half, float[] into) {
    for (int i = 0; i < half; i++) {
      into[i] = x[i] + x[half + i];
    }
  }
}
