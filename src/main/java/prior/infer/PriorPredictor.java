package prior.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import prior.checkpoint.Location;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.data.KeyHash;
import prior.data.RowFault;
import prior.fault.UserFault;

/**
 * A trained prior for one's own program: text embeddings in, predicted image embeddings out, the
 * same as {@code PriorInferJob} gives for the same keys and settings, but for the last bit of
 * float32. Calls from several threads wait for each other; a program with many opens one predictor
 * a thread.
 *
 * <pre>{@code
 * float[][] images(float[][] texts, String[] keys) { // [n][P] to [n][D]
 *   try (PriorPredictor prior = PriorPredictor.open("RUN", "infer.sampler=dpmpp", "infer.steps=10")) {
 *     return prior.predict(texts, keys);
 *   }
 * }
 * }</pre>
 */
public final class PriorPredictor implements AutoCloseable {
  private final PriorConf prior;
  private Predictor predictor; // null once closed
  private final Map<String, String> common;
  private final int kept;
  private final OutputLength length;

  private PriorPredictor(TrainedPrior model, int threads) {
    Settings settings = model.settings();
    this.prior = settings.prior();
    this.common = settings.infer().attributes();
    this.kept = settings.infer().keptPerText();
    this.length = OutputLength.of(model);
    this.predictor = new Predictor(prior, settings.infer(), model.weights(), threads);
  }

  /**
   * Opens a model with one thread.
   *
   * @param model a run folder or one of its checkpoints; its averaged weights, where it has some
   * @param sets {@code key=value} over the model's own settings, as {@code --set} takes them
   * @throws UserFault where there is no sound model, or a key or value is not known
   */
  public static PriorPredictor open(String model, String... sets) {
    return open(model, 1, sets);
  }

  /**
   * The same with several threads.
   *
   * @param threads cores that a call uses, at least 1
   */
  public static PriorPredictor open(String model, int threads, String... sets) {
    return new PriorPredictor(TrainedPrior.open(Location.of(model), List.of(sets)), threads);
  }

  /** Predicts with noise that the numbers of each text name: equal texts have equal images. */
  public float[][] predict(float[][] texts) {
    return predicted(texts, null, null, Arrays.stream(texts).mapToLong(KeyHash::of).toArray());
  }

  /**
   * Predicts with noise that keys name.
   *
   * @param texts text embeddings {@code [n][P]}
   * @param keys one for each
   * @return image embeddings {@code [n][D]}; with {@code infer.keep = all} {@code [n * k][D]}, the
   *     k samples of a text one after another
   * @throws UserFault where a text has another width, a number that is not finite, or only zeros
   */
  public float[][] predict(float[][] texts, String[] keys) {
    return predicted(texts, null, null, hashes(keys));
  }

  /** The same with numbers for keys: 5 names what "5" names. */
  public float[][] predict(float[][] texts, long[] keys) {
    return predict(texts, Arrays.stream(keys).mapToObj(Long::toString).toArray(String[]::new));
  }

  /**
   * The same for a model that takes text encodings.
   *
   * @param texts {@code [n][0]} for a model without text embeddings
   * @param encodings {@code [n][m][E]}; tokens beyond the model's are left out, zeros are padding
   */
  public float[][] predict(float[][] texts, float[][][] encodings, String[] keys) {
    return predicted(texts, encodings, null, hashes(keys));
  }

  /**
   * The same with attributes for each text.
   *
   * @param encodings null for a model without
   * @param attributes for each text its values by name, as {@code infer.attributes} takes them,
   *     before those; what is in neither is null
   */
  public float[][] predict(
      float[][] texts, float[][][] encodings, List<Map<String, String>> attributes, String[] keys) {
    return predicted(texts, encodings, attributes, hashes(keys));
  }

  private static long[] hashes(String[] keys) {
    return Arrays.stream(keys).mapToLong(KeyHash::of).toArray();
  }

  private synchronized float[][] predicted(
      float[][] texts, float[][][] encodings, List<Map<String, String>> attributes, long[] keys) {
    if (predictor == null) {
      throw new IllegalStateException("Cannot predict: the predictor is closed");
    }
    check(texts, encodings, keys);
    float[] given = null;
    if (attributes != null) {
      same("texts' attributes", texts.length, attributes.size());
      given = AttributeRow.each(prior, common, attributes);
    }
    List<float[]> images = new ArrayList<>();
    int pass = predictor.textsPerPass();
    for (int from = 0; from < texts.length; from += pass) {
      int count = Math.min(pass, texts.length - from);
      int dim = prior.imageDim();
      float[] sampled = predictor.predict(texts(texts, encodings, given, keys, from, count));
      float[] predicted = length.give(sampled, dim);
      for (int i = 0; i < count * kept; i++) {
        images.add(Arrays.copyOfRange(predicted, i * dim, (i + 1) * dim));
      }
    }
    return images.toArray(float[][]::new);
  }

  private Predictor.Texts texts(
      float[][] texts,
      float[][][] encodings,
      float[] attributes,
      long[] keys,
      int from,
      int count) {
    int width = prior.textDim();
    float[] flat = new float[count * width];
    for (int i = 0; i < count; i++) {
      System.arraycopy(texts[from + i], 0, flat, i * width, width);
    }
    float[] tokens = encodings == null ? null : tokens(encodings, from, count);
    long[] names = Arrays.copyOfRange(keys, from, from + count);
    if (attributes == null) {
      return new Predictor.Texts(names, flat, tokens);
    }
    int columns = attributes.length / keys.length;
    return new Predictor.Texts(
        names,
        flat,
        tokens,
        Arrays.copyOfRange(attributes, from * columns, (from + count) * columns));
  }

  private float[] tokens(float[][][] encodings, int from, int count) {
    int rows = prior.encodingRows();
    int width = prior.encodingDim();
    float[] flat = new float[count * rows * width];
    for (int i = 0; i < count; i++) {
      float[][] text = encodings[from + i];
      for (int token = 0; token < Math.min(rows, text.length); token++) {
        System.arraycopy(text[token], 0, flat, (i * rows + token) * width, width);
      }
    }
    return flat;
  }

  private void check(float[][] texts, float[][][] encodings, long[] keys) {
    same("keys", texts.length, keys.length);
    boolean takes = prior.encodingRows() > 0;
    if (takes != (encodings != null)) {
      throw UserFault.usage(
          "Cannot predict: expected %s, found %s"
              .formatted(
                  takes ? "text encodings" : "no text encodings",
                  takes ? "none" : "text encodings"));
    }
    for (int i = 0; i < texts.length; i++) {
      same("numbers in text " + i, prior.textDim(), texts[i].length);
      RowFault fault =
          texts[i].length == 0
              ? null
              : RowFault.ofVector("text " + i, texts[i], 0, texts[i].length);
      if (fault != null) {
        throw UserFault.data(
            "Cannot predict: %s, expected %s, found %s"
                .formatted(fault.reason(), fault.expected(), fault.found()));
      }
    }
    if (takes) {
      same("text encodings", texts.length, encodings.length);
      for (float[][] text : encodings) {
        for (float[] token : text) {
          same("numbers in a token", prior.encodingDim(), token.length);
        }
      }
    }
  }

  /** Lets threads and weights go, once a call that is under way has ended. */
  @Override
  public synchronized void close() {
    if (predictor != null) {
      predictor.close();
      predictor = null;
    }
  }

  private static void same(String what, int expected, int found) {
    if (expected != found) {
      throw UserFault.usage(
          "Cannot predict: expected %d %s, found %d".formatted(expected, what, found));
    }
  }
}
