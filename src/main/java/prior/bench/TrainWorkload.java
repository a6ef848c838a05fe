package prior.bench;

import java.util.Arrays;
import prior.conf.PriorConf;
import prior.conf.Settings;
import prior.data.NamedRandom;
import prior.model.ImageScaling;
import prior.model.NetworkShape;
import prior.model.Optimization;
import prior.model.ParameterLayout;
import prior.model.PriorGraph;
import prior.model.TrainableNetwork;
import prior.model.TrainingRule;
import prior.train.CleanBatch;
import prior.train.Draws;
import prior.train.EmaSchedule;
import prior.train.InitialWeights;
import prior.train.LocalTrainer;
import prior.train.Noising;
import prior.train.Timesteps;
import prior.train.TrainingState;

/**
 * A worker's optimizer step: draws, noising, forward, backward, clip, AdamW, moving average.
 * Reading is not in it.
 */
final class TrainWorkload implements Workload {
  private final LocalTrainer trainer;
  private final Noising noising;
  private final Draws.Rule rule;
  private final CleanBatch clean;
  private final long[] rowIds;
  private final int parameters;
  private long epoch;

  TrainWorkload(Settings settings, int threads) {
    PriorConf prior = settings.prior();
    NetworkShape shape = NetworkShape.of(prior);
    Optimization optimization = Optimization.of(settings.train());
    this.trainer =
        new LocalTrainer(
            new TrainableNetwork(
                PriorGraph.configuration(
                    shape,
                    TrainingRule.of(prior, 0),
                    prior.lossType(),
                    optimization.updater(),
                    optimization.weightDecay()),
                threads),
            EmaSchedule.of(settings.train()),
            settings.data().batchSize());
    float[] weights = InitialWeights.of(ParameterLayout.of(shape), 0);
    this.parameters = weights.length;
    trainer.load(TrainingState.fresh(weights, true));
    Timesteps timesteps = Timesteps.of(prior, settings.train().timeSampling());
    this.noising = new Noising(prior, ImageScaling.of(prior, weights), timesteps);
    this.rule =
        new Draws.Rule(
            0,
            timesteps,
            shape.imageDim(),
            prior.textDrop(),
            prior.imageDrop(),
            settings.train().noiseDrawsPerPair());
    this.rowIds = new long[settings.pairsOfStep()];
    for (int i = 0; i < rowIds.length; i++) {
      rowIds[i] = i;
    }
    this.clean = clean(shape, rowIds.length);
  }

  private static CleanBatch clean(NetworkShape shape, int rows) {
    float[] text = BenchData.unitRows("text", rows, shape.textDim());
    float[] image = BenchData.unitRows("image", rows, shape.imageDim());
    float[] encodings = null;
    if (shape.encodingRows() > 0) {
      encodings = new float[rows * shape.encodingRows() * shape.encodingDim()];
      NamedRandom.of(0, "encodings").fillGaussian(encodings, 0, encodings.length);
    }
    return new CleanBatch(rows, text, image, encodings);
  }

  @Override
  public void run() {
    trainer.step(noising.batch(clean, Draws.named(rule, epochs(), rowIds)), epoch++);
  }

  private long[] epochs() {
    long[] epochs = new long[rowIds.length];
    Arrays.fill(epochs, epoch);
    return epochs;
  }

  @Override
  public long rows() {
    return rowIds.length;
  }

  @Override
  public Amount amount() {
    return new Amount("parameters_per_second", parameters);
  }
}
