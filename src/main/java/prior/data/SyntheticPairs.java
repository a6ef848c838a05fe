package prior.data;

/**
 * Pairs with the geometry of CLIP, made from nothing: texts and images lie in two narrow cones with
 * a gap between them, and share a latent content from which a prior can tell the image. The cosine
 * of a pair is about 0.3, that of strangers about 0.08, that of two images about 0.55. Row r of a
 * seed is always the same.
 *
 * <p>With g ~ N(0, 1) of LATENT numbers and an orthonormal basis (axis, a_j, b_j) drawn from the
 * seed: image = unit(A axis_image + B (sum y_j a_j + noise)), text = unit(A axis_text + B (sum z_j
 * (S a_j + sqrt(1 - S^2) b_j) + noise)), where z is g of unit length and y_j bends g: g_j + BEND
 * g_j+1 g_j+2.
 */
public final class SyntheticPairs {
  private static final int LATENT = 24;
  private static final int MIN_WIDTH = 16;
  private static final double AXIS = 0.746;
  private static final double CONTENT = 0.666;
  private static final double AXES_COSINE = 0.15;
  private static final double SHARED = 0.55;
  private static final double BEND = 0.3;
  private static final double IMAGE_NOISE = 0.35;
  private static final double TEXT_NOISE = 0.25;

  private final long seed;
  private final int width;
  private final int latent;
  private final float[][] basis;

  /**
   * Draws the geometry.
   *
   * @param width numbers in an embedding, at least 16
   */
  public SyntheticPairs(long seed, int width) {
    if (width < MIN_WIDTH) {
      throw new IllegalArgumentException(
          "Cannot make pairs: too narrow, expected at least " + MIN_WIDTH + ", found " + width);
    }
    this.seed = seed;
    this.width = width;
    this.latent = Math.min(LATENT, (width - 2) / 2);
    this.basis = orthonormal(2 + 2 * latent);
  }

  public int width() {
    return width;
  }

  /**
   * Makes one pair of unit vectors.
   *
   * @param text (width), filled
   * @param image (width), filled
   * @return a caption that tells a little of the content
   */
  public String fill(long row, float[] text, float[] image) {
    float[] g = new float[latent];
    NamedRandom.of(seed, "synthetic content", row).fillGaussian(g, 0, latent);
    fillImage(row, g, image);
    fillText(row, g, text);
    return SyntheticCaption.of(g);
  }

  private void fillImage(long row, float[] g, float[] image) {
    float[] y = new float[latent];
    for (int j = 0; j < latent; j++) {
      y[j] = (float) (g[j] + BEND * g[(j + 1) % latent] * g[(j + 2) % latent]);
    }
    noise("synthetic image", row, IMAGE_NOISE, image);
    add(CONTENT / norm(y), y, 2, image);
    axpy(AXIS, basis[0], image);
    normalise(image);
  }

  private void fillText(long row, float[] z, float[] text) {
    noise("synthetic text", row, TEXT_NOISE, text);
    double scale = CONTENT / norm(z);
    add(scale * SHARED, z, 2, text);
    add(scale * Math.sqrt(1 - SHARED * SHARED), z, 2 + latent, text);
    axpy(AXIS * AXES_COSINE, basis[0], text);
    axpy(AXIS * Math.sqrt(1 - AXES_COSINE * AXES_COSINE), basis[1], text);
    normalise(text);
  }

  /** Noise of length CONTENT x share, about. */
  private void noise(String purpose, long row, double share, float[] into) {
    NamedRandom.of(seed, purpose, row).fillGaussian(into, 0, width);
    float scale = (float) (CONTENT * share / Math.sqrt(width));
    for (int i = 0; i < width; i++) {
      into[i] *= scale;
    }
  }

  private void add(double scale, float[] weights, int firstBasis, float[] into) {
    for (int j = 0; j < latent; j++) {
      axpy(scale * weights[j], basis[firstBasis + j], into);
    }
  }

  private static void axpy(double scale, float[] vector, float[] into) {
    float factor = (float) scale;
    for (int i = 0; i < into.length; i++) {
      into[i] += factor * vector[i];
    }
  }

  private static double norm(float[] values) {
    return Math.sqrt(dot(values, values));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static void normalise(float[] vector) {
    double scale = 1 / norm(vector);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] * scale);
    }
  }

  /** Gram-Schmidt over random vectors. */
  private float[][] orthonormal(int count) {
    float[][] vectors = new float[count][width];
    for (int i = 0; i < count; i++) {
      NamedRandom.of(seed, "synthetic basis", i).fillGaussian(vectors[i], 0, width);
      for (int j = 0; j < i; j++) {
        axpy(-dot(vectors[i], vectors[j]), vectors[j], vectors[i]);
      }
      normalise(vectors[i]);
    }
    return vectors;
  }
}
