package prior.infer;

/**
 * What the reference's trainer reports, as sums over pairs: cosines of predictions to what they
 * should and should not be near. Cosines with texts of another width than images are NaN.
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
    boolean comparable = text.length == image.length;
    baseline += comparable ? Cosine.of(text, image) : Double.NaN;
    withText += comparable ? Cosine.of(text, predicted) : Double.NaN;
    withImage += Cosine.of(image, predicted);
    withUnrelated += comparable ? Cosine.of(unrelated, predicted) : Double.NaN;
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
