package prior.validate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import prior.infer.Predictor;

/** Texts of several blocks, predicted in one pass. */
final class JoinedTexts {
  private JoinedTexts() {}

  /** Predictions of each block, {@code [n, D]}. */
  static List<float[]> predict(List<Predictor.Texts> blocks, Predictor predictor) {
    Predictor.Texts joined =
        new Predictor.Texts(
            blocks.stream().flatMapToLong(texts -> Arrays.stream(texts.keys())).toArray(),
            joined(blocks, Predictor.Texts::text),
            joined(blocks, Predictor.Texts::encodings),
            joined(blocks, Predictor.Texts::attributes));
    float[] all = predictor.predict(joined);
    int width = all.length / joined.rows();
    List<float[]> predicted = new ArrayList<>();
    int from = 0;
    for (Predictor.Texts texts : blocks) {
      int to = from + texts.rows() * width;
      predicted.add(Arrays.copyOfRange(all, from, to));
      from = to;
    }
    return predicted;
  }

  /** Null where the network takes none. */
  private static float[] joined(
      List<Predictor.Texts> blocks, Function<Predictor.Texts, float[]> part) {
    if (part.apply(blocks.get(0)) == null) {
      return null;
    }
    float[] joined = new float[blocks.stream().mapToInt(texts -> part.apply(texts).length).sum()];
    int at = 0;
    for (Predictor.Texts texts : blocks) {
      float[] values = part.apply(texts);
      System.arraycopy(values, 0, joined, at, values.length);
      at += values.length;
    }
    return joined;
  }
}
