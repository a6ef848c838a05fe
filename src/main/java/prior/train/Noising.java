package prior.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.Objective;
import prior.conf.PriorConf;
import prior.diffusion.LossWeights;
import prior.diffusion.NoiseLevels;
import prior.model.ImageScaling;
import prior.model.NetworkShape;

/**
 * Makes what the network trains on from clean pairs and draws: {@code x_t = sqrt(ac) x_0 + sqrt(1 -
 * ac) noise} with x_0 the scaled image embedding (Ho et al. 2020, equation 4), and the objective's
 * target.
 */
public final class Noising {
  private final float[] signal;
  private final float[] noise;
  private final double[] weights;
  private final boolean weighs;
  private final NetworkShape shape;
  private final Objective objective;
  private final ImageScaling scaling;

  /** For timesteps that are drawn alike. */
  public Noising(PriorConf prior, ImageScaling scaling) {
    this(prior, scaling, new Timesteps.Uniform(prior.trainTimesteps()));
  }

  public Noising(PriorConf prior, ImageScaling scaling, Timesteps timesteps) {
    NoiseLevels levels = NoiseLevels.of(prior);
    this.signal = levels.signal();
    this.noise = levels.noise();
    this.weights = LossWeights.of(prior, levels);
    for (int t = 0; t < weights.length; t++) {
      weights[t] *= timesteps.correction(t);
    }
    this.weighs = Arrays.stream(weights).anyMatch(weight -> weight != 1);
    this.shape = NetworkShape.of(prior);
    this.objective = prior.predicts();
    this.scaling = scaling;
  }

  /**
   * Inputs in the order of the network's graph, and the target {@code [B * k, D]} as label, for k
   * draws of each pair. Where losses are weighted, the labels' mask holds each row's weight {@code
   * [B * k, 1]}.
   */
  public MultiDataSet batch(CleanBatch clean, Draws draws) {
    int dim = shape.imageDim();
    int rows = draws.times().length;
    int perPair = rows / clean.rows();
    int length = rows * dim;
    float[] noised = new float[length];
    float[] target = new float[length];
    float[] image = scaling.apply(clean.image());
    for (int i = 0; i < length; i++) {
      int t = draws.times()[i / dim];
      float x0 = image[i / (dim * perPair) * dim + i % dim];
      float drawn = draws.noise()[i];
      noised[i] = signal[t] * x0 + noise[t] * drawn;
      target[i] = target(x0, drawn, t);
    }
    INDArray[] features = features(clean, draws, noised);
    INDArray[] labels = {array(target, rows, dim)};
    return new MultiDataSet(features, labels, null, weighs ? weights(draws.times()) : null);
  }

  private INDArray[] weights(int[] times) {
    float[] rows = floats(times.length, row -> weights[times[row]]);
    return new INDArray[] {array(rows, rows.length, 1)};
  }

  /**
   * The image embeddings that predictions stand for, {@code [B, D]}.
   *
   * @param noised x_t {@code [B, D]}
   * @param times {@code [B]}
   * @param predicted what the network makes of them {@code [B, D]}
   */
  public float[] images(float[] noised, int[] times, float[] predicted) {
    int dim = shape.imageDim();
    float[] estimates = new float[predicted.length];
    for (int i = 0; i < estimates.length; i++) {
      estimates[i] = estimate(noised[i], predicted[i], times[i / dim]);
    }
    return scaling.undo(estimates);
  }

  private float estimate(float noised, float predicted, int t) {
    return switch (objective) {
      case X_START -> predicted;
      case NOISE -> (noised - noise[t] * predicted) / signal[t];
      case V -> signal[t] * noised - noise[t] * predicted;
    };
  }

  private float target(float x0, float drawn, int t) {
    return switch (objective) {
      case X_START -> x0;
      case NOISE -> drawn;
      case V -> signal[t] * drawn - noise[t] * x0;
    };
  }

  private INDArray[] features(CleanBatch clean, Draws draws, float[] noised) {
    int pairs = clean.rows();
    int rows = draws.times().length;
    float[] keep = new float[2 * rows];
    for (int row = 0; row < rows; row++) {
      keep[2 * row] = draws.keepText()[row];
      keep[2 * row + 1] = draws.keepImage()[row];
    }
    List<INDArray> features = new ArrayList<>();
    features.add(array(noised, rows, shape.imageDim()));
    features.add(array(floats(rows, row -> draws.times()[row]), rows, 1));
    boolean pooled = shape.textDim() > 0;
    features.add(pooled ? array(clean.text(), pairs, shape.textDim()) : encodings(clean));
    features.add(array(keep, rows, 2));
    if (pooled && shape.encodingRows() > 0) {
      features.add(encodings(clean));
    }
    if (shape.masksText()) {
      features.add(array(mask(clean.encodings()), pairs, shape.encodingRows()));
    }
    if (shape.attributeColumns() > 0) {
      features.add(array(clean.attributes(), pairs, shape.attributeColumns()));
    }
    if (shape.selfCond()) {
      features.add(array(draws.selfCond(), rows, 1));
    }
    return features.toArray(INDArray[]::new);
  }

  private INDArray encodings(CleanBatch clean) {
    return array(clean.encodings(), clean.rows(), shape.encodingRows(), shape.encodingDim());
  }

  /** 1 for a row of encodings that holds anything, 0 for padding. */
  private float[] mask(float[] encodings) {
    int width = shape.encodingDim();
    return floats(encodings.length / width, row -> holdsAnything(encodings, row, width) ? 1 : 0);
  }

  private static boolean holdsAnything(float[] encodings, int row, int width) {
    for (int i = row * width; i < (row + 1) * width; i++) {
      if (encodings[i] != 0) {
        return true;
      }
    }
    return false;
  }

  private static float[] floats(int count, IntToDoubleFunction value) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) value.applyAsDouble(i);
    }
    return values;
  }

  private static INDArray array(float[] values, long... shape) {
    return Nd4j.createFromArray(values).reshape(shape);
  }
}
