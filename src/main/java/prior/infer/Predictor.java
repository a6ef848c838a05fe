package prior.infer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.InferConf;
import prior.conf.PriorConf;
import prior.data.NamedRandom;
import prior.diffusion.Guidance;
import prior.diffusion.NoiseSchedule;
import prior.diffusion.NoiseSource;
import prior.diffusion.Sampler;
import prior.diffusion.Target;
import prior.model.HostMemory;
import prior.model.Inputs;
import prior.model.Network;
import prior.model.NetworkShape;

/**
 * Predicts image embeddings for text embeddings, always in passes of one size: a row's prediction
 * depends on its text, its key and the settings, and neither on its neighbours nor on where it lies
 * in a batch. One thread at a time may use it.
 */
public final class Predictor {
  private final InferConf infer;
  private final NetworkShape shape;
  private final Network network;
  private final Sampler sampler;
  private final Guidance denoiser;
  private final INDArray x;
  private final int textsPerPass;

  /**
   * @param parameters the flat vector, see {@link prior.model.ParameterLayout}
   */
  public Predictor(PriorConf prior, InferConf infer, float[] parameters) {
    this.infer = infer;
    this.shape = NetworkShape.of(prior);
    int samples = infer.samplesPerText();
    this.textsPerPass = Math.max(1, infer.batchSize() / samples);
    INDArray flat = Nd4j.create(1, parameters.length);
    HostMemory.write(parameters, flat);
    this.network = Network.forInference(shape, flat, textsPerPass * samples);
    NoiseSchedule schedule = NoiseSchedule.of(prior.betaSchedule(), prior.timesteps());
    this.sampler = Sampler.of(schedule, Target.of(prior), steps(prior, infer), infer.eta());
    this.denoiser = new Guidance(network.conditional(), network.unconditional(), infer.condScale());
    this.x = Nd4j.create(network.batch(), shape.imageDim());
  }

  /** infer.steps, else prior.sample_timesteps, else all. */
  private static int steps(PriorConf prior, InferConf infer) {
    if (infer.steps() != null) {
      return Math.min(infer.steps(), prior.timesteps());
    }
    return prior.sampleTimesteps() == null ? prior.timesteps() : prior.sampleTimesteps();
  }

  /** Texts that one pass takes: what callers best give at once. */
  public int textsPerPass() {
    return textsPerPass;
  }

  /**
   * Text to predict from.
   *
   * @param keys what names each row's noise {@code [n]}
   * @param text text embeddings {@code [n, D]}
   * @param encodings text rows {@code [n, M, D]}, zero rows are padding; null where the network has
   *     none
   */
  public record Texts(long[] keys, float[] text, float[] encodings) {
    /** Number of texts. */
    public int rows() {
      return keys.length;
    }
  }

  /** Predicted image embeddings {@code [n, D]} of at most {@link #textsPerPass} texts. */
  public float[] predict(Texts texts) {
    fill(texts);
    sampler.sample(denoiser, noise(texts.keys()), x);
    int dim = shape.imageDim();
    float[] samples = HostMemory.read(x);
    float[] best = new float[texts.rows() * dim];
    int[] choice = BestOfN.choose(samples, texts.text(), dim, infer.samplesPerText());
    for (int row = 0; row < texts.rows(); row++) {
      int from = (row * infer.samplesPerText() + choice[row]) * dim;
      System.arraycopy(samples, from, best, row * dim, dim);
    }
    return best;
  }

  private void fill(Texts texts) {
    Inputs inputs = network.inputs();
    HostMemory.write(repeated(texts.text(), shape.imageDim()), inputs.text());
    if (inputs.textEncodings() != null) {
      int width = shape.encodingRows() * shape.imageDim();
      HostMemory.write(repeated(texts.encodings(), width), inputs.textEncodings());
    }
  }

  /** Each text once for each of its samples, zeros in unused places: {@code [B, width]}. */
  private float[] repeated(float[] values, int width) {
    float[] rows = new float[network.batch() * width];
    int samples = infer.samplesPerText();
    for (int row = 0; row < values.length / width * samples; row++) {
      System.arraycopy(values, row / samples * width, rows, row * width, width);
    }
    return rows;
  }

  /** Noise by the row's key, the sample's number and the draw's; zeros in unused places. */
  private NoiseSource noise(long[] keys) {
    int dim = shape.imageDim();
    int samples = infer.samplesPerText();
    float[] drawn = new float[network.batch() * dim];
    return (entry, into) -> {
      for (int row = 0; row < keys.length * samples; row++) {
        NamedRandom.of(infer.seed(), "sample", keys[row / samples], row % samples, entry)
            .fillGaussian(drawn, row * dim, dim);
      }
      HostMemory.write(drawn, into);
    };
  }
}
