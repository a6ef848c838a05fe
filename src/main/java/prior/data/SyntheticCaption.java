package prior.data;

/** Words for the first four numbers of a latent content. */
final class SyntheticCaption {
  private static final String[] SIZES = {"tiny", "small", "large", "huge"};
  private static final String[] COLOURS = {"red", "green", "blue", "white"};
  private static final String[] MATERIALS = {"wooden", "woollen", "paper", "glass"};
  private static final String[] THINGS = {"chair", "boat", "house", "shirt"};
  private static final double QUARTER = 0.6745;

  private SyntheticCaption() {}

  static String of(float[] content) {
    return "a %s %s %s %s"
        .formatted(
            word(SIZES, content[0]),
            word(COLOURS, content[1]),
            word(MATERIALS, content[2]),
            word(THINGS, content[3]));
  }

  /** Each word stands for a quarter of the normal distribution. */
  private static String word(String[] words, float value) {
    int half = value < 0 ? 0 : 2;
    return words[half + (Math.abs(value) < QUARTER == value < 0 ? 1 : 0)];
  }
}
