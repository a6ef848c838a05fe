package prior.infer;

/**
 * What the reference's trainer reports, as sums over pairs: cosines of predictions to what they
 * should and should not be near.
 */
final class EvalSums {
  private double baseline;
  private double withText;
  private double withImage;
  private double withUnrelated;
  private double meanImage;
  private long rows;

  /**
   * One pair.
   *
   * @param unrelated another pair's text
   * @param mean the mean image embedding
   */
  void add(float[] text, float[] image, float[] predicted, float[] unrelated, float[] mean) {
    baseline += Cosine.of(text, image);
    withText += Cosine.of(text, predicted);
    withImage += Cosine.of(image, predicted);
    withUnrelated += Cosine.of(unrelated, predicted);
    meanImage += Cosine.of(mean, image);
    rows++;
  }

  double baseline() {
    return baseline / rows;
  }

  double withText() {
    return withText / rows;
  }

  double withImage() {
    return withImage / rows;
  }

  double withUnrelated() {
    return withUnrelated / rows;
  }

  double meanImage() {
    return meanImage / rows;
  }
}
