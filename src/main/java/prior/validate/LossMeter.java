package prior.validate;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.LossType;
import prior.conf.PriorConf;
import prior.model.HostMemory;
import prior.model.ImageScaling;
import prior.model.NetworkShape;
import prior.model.SamplingNetwork;
import prior.model.TrainingRule;
import prior.train.CleanBatch;
import prior.train.Draws;
import prior.train.Noising;

/**
 * Losses of some weights on blocks of pairs, without dropout, dropped conditions or an estimate to
 * condition on. It computes with the network that samples, whose text is read once for all draws of
 * a pair. One thread at a time may use it.
 */
final class LossMeter {
  private final LossType type;
  private final FixedDraws fixed;
  private final Noising noising;
  private final SamplingNetwork network;
  private final float clamp;
  private final INDArray noised;
  private final INDArray times;

  /**
   * @param weights the flat vector, see {@link prior.model.ParameterLayout}
   * @param flat the same as the network reads it
   * @param pairs of a block at most
   */
  LossMeter(PriorConf prior, FixedDraws fixed, float[] weights, INDArray flat, int pairs) {
    NetworkShape shape = NetworkShape.of(prior);
    this.type = prior.lossType();
    this.fixed = fixed;
    this.noising = new Noising(prior, ImageScaling.of(prior, weights));
    this.network = SamplingNetwork.of(shape, flat, pairs, fixed.perPair());
    this.clamp = (float) TrainingRule.of(prior, 0).clampLength();
    this.noised = Nd4j.create(network.rows(), shape.imageDim());
    this.times = Nd4j.create(network.rows(), 1);
  }

  /**
   * The losses of a block.
   *
   * @param first its first pair's number among all
   */
  LossSums of(CleanBatch clean, long[] rowIds, int first) {
    Draws draws = fixed.of(rowIds, first);
    MultiDataSet batch = noising.batch(clean, draws);
    fill(network.text(), clean.text());
    fill(network.textEncodings(), clean.encodings());
    fill(network.attributes(), clean.attributes());
    network.readText();
    float[] given = HostMemory.read(batch.getFeatures(0));
    fill(noised, given);
    fill(times, HostMemory.read(batch.getFeatures(1)));
    float[] predicted = new float[given.length];
    HostMemory.read(network.predict(noised, times), 0, predicted);
    float[] images = noising.images(given, draws.times(), predicted);
    clamp(predicted);
    return sums(predicted, HostMemory.read(batch.getLabels(0)), images, clean.image(), draws);
  }

  private static void fill(INDArray into, float[] values) {
    if (into != null) {
      HostMemory.write(values, into);
    }
  }

  /** As training brings predictions to one length before the loss. */
  private void clamp(float[] predicted) {
    if (clamp == 0) {
      return;
    }
    int dim = fixed.dim();
    for (int from = 0; from < predicted.length; from += dim) {
      double square = 0;
      for (int i = from; i < from + dim; i++) {
        square += (double) predicted[i] * predicted[i];
      }
      float factor = (float) (clamp / Math.max(Math.sqrt(square), 1e-12));
      for (int i = from; i < from + dim; i++) {
        predicted[i] *= factor;
      }
    }
  }

  private LossSums sums(
      float[] predicted, float[] target, float[] images, float[] own, Draws draws) {
    int dim = fixed.dim();
    LossSums sums = new LossSums();
    for (int row = 0; row < draws.times().length; row++) {
      double loss = 0;
      double squared = 0;
      int image = row / fixed.perPair() * dim;
      for (int i = 0; i < dim; i++) {
        loss += loss(predicted[row * dim + i] - target[row * dim + i]);
        double error = images[row * dim + i] - own[image + i];
        squared += error * error;
      }
      sums.add(fixed.band(draws.times()[row]), loss, squared, dim);
    }
    return sums;
  }

  /** As {@code prior.loss_type} has it, Huber's with beta 1. */
  private double loss(double difference) {
    double size = Math.abs(difference);
    return switch (type) {
      case L1 -> size;
      case L2 -> size * size;
      case HUBER -> size < 1 ? size * size / 2 : size - 0.5;
    };
  }
}
