package prior.bench;

import prior.conf.Settings;
import prior.data.NamedRandom;
import prior.infer.Predictor;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;
import prior.train.InitialWeights;

/** Predictions from texts to embeddings, one batch of {@code infer.batch_size} samples a run. */
final class SampleWorkload implements Workload {
  private final Predictor predictor;
  private final Predictor.Texts texts;

  SampleWorkload(Settings settings, int threads) {
    NetworkShape shape = NetworkShape.of(settings.prior());
    float[] weights = InitialWeights.of(ParameterLayout.of(shape), 0);
    this.predictor = new Predictor(settings.prior(), settings.infer(), weights, threads);
    int rows = predictor.textsPerPass();
    long[] keys = new long[rows];
    for (int i = 0; i < rows; i++) {
      keys[i] = i;
    }
    float[] encodings = null;
    if (shape.encodingRows() > 0) {
      encodings = new float[rows * shape.encodingRows() * shape.encodingDim()];
      NamedRandom.of(0, "encodings").fillGaussian(encodings, 0, encodings.length);
    }
    float[] text = BenchData.unitRows("text", rows, shape.textDim());
    this.texts = new Predictor.Texts(keys, text, encodings);
  }

  @Override
  public void run() {
    predictor.predict(texts);
  }

  @Override
  public long rows() {
    return texts.rows();
  }

  @Override
  public Amount amount() {
    return new Amount("batches_per_second", 1);
  }
}
