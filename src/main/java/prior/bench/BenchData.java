package prior.bench;

import prior.data.NamedRandom;

/** Made-up embeddings of the kind that is trained on. */
final class BenchData {
  private BenchData() {}

  /** Random rows of unit length, {@code [rows, dim]}. */
  static float[] unitRows(String name, int rows, int dim) {
    float[] values = new float[rows * dim];
    NamedRandom.of(0, name).fillGaussian(values, 0, values.length);
    for (int from = 0; from < values.length; from += dim) {
      double square = 0;
      for (int i = from; i < from + dim; i++) {
        square += values[i] * values[i];
      }
      for (int i = from; i < from + dim; i++) {
        values[i] /= (float) Math.sqrt(square);
      }
    }
    return values;
  }
}
