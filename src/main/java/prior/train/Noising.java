package prior.train;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.Objective;
import prior.conf.PriorConf;
import prior.diffusion.NoiseSchedule;
import prior.model.NetworkShape;

/**
 * Makes what the network trains on from clean pairs and draws: {@code x_t = sqrt(ac) x_0 + sqrt(1 -
 * ac) noise} with x_0 the scaled image embedding (Ho et al. 2020, equation 4), and the objective's
 * target.
 */
public final class Noising {
  private final NoiseSchedule schedule;
  private final NetworkShape shape;
  private final Objective objective;
  private final float scale;

  public Noising(PriorConf prior) {
    this.schedule = NoiseSchedule.of(prior.betaSchedule(), prior.timesteps());
    this.shape = NetworkShape.of(prior);
    this.objective = prior.objective();
    this.scale = prior.scale();
  }

  /** Inputs in the order of the network's graph, and the target {@code [B, D]} as label. */
  public MultiDataSet batch(CleanBatch clean, Draws draws) {
    int length = clean.rows() * clean.dim();
    float[] noised = new float[length];
    float[] target = new float[length];
    for (int i = 0; i < length; i++) {
      int t = draws.times()[i / clean.dim()];
      float x0 = clean.image()[i] * scale;
      float noise = draws.noise()[i];
      noised[i] = schedule.signal(t) * x0 + schedule.noise(t) * noise;
      target[i] = target(x0, noise, t);
    }
    INDArray[] features = features(clean, draws, noised);
    INDArray[] labels = {array(target, clean.rows(), clean.dim())};
    return new MultiDataSet(features, labels);
  }

  private float target(float x0, float noise, int t) {
    return switch (objective) {
      case X_START -> x0;
      case NOISE -> noise;
      case V -> schedule.signal(t) * noise - schedule.noise(t) * x0;
    };
  }

  private INDArray[] features(CleanBatch clean, Draws draws, float[] noised) {
    int rows = clean.rows();
    float[] times = new float[rows];
    float[] keep = new float[2 * rows];
    for (int row = 0; row < rows; row++) {
      times[row] = draws.times()[row];
      keep[2 * row] = draws.keepText()[row];
      keep[2 * row + 1] = draws.keepImage()[row];
    }
    List<INDArray> features = new ArrayList<>();
    features.add(array(noised, rows, clean.dim()));
    features.add(array(times, rows, 1));
    features.add(array(clean.text(), rows, clean.dim()));
    features.add(array(keep, rows, 2));
    if (shape.textEncodings()) {
      features.add(array(clean.encodings(), rows, shape.maxTextLen(), clean.dim()));
    }
    if (shape.selfCond()) {
      features.add(array(draws.selfCond(), rows, 1));
    }
    return features.toArray(INDArray[]::new);
  }

  private static INDArray array(float[] values, long... shape) {
    return Nd4j.createFromArray(values).reshape(shape);
  }
}
