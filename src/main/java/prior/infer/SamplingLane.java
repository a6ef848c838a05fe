package prior.infer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.InferConf;
import prior.data.NamedRandom;
import prior.diffusion.Denoiser;
import prior.diffusion.Guidance;
import prior.diffusion.NoiseSource;
import prior.diffusion.Sampler;
import prior.model.HostMemory;
import prior.model.NetworkShape;
import prior.model.SamplingNetwork;

/** Samples some of a pass's texts on one thread, always in passes of one size. */
final class SamplingLane {
  private final InferConf infer;
  private final int dim;
  private final int texts;
  private final SamplingNetwork network;
  private final Sampler sampler;
  private final Denoiser denoiser;
  private final INDArray x;
  private final float[] drawn;

  /**
   * @param texts of a pass
   */
  SamplingLane(
      NetworkShape shape, InferConf infer, INDArray parameters, Sampler sampler, int texts) {
    this.infer = infer;
    this.dim = shape.imageDim();
    this.texts = texts;
    this.sampler = sampler;
    this.network = SamplingNetwork.of(shape, parameters, texts, infer.samplesPerText());
    this.denoiser =
        infer.condScale() == 1
            ? network.conditional()
            : new Guidance(network.conditional(), network.unconditional(), infer.condScale());
    this.x = Nd4j.create(network.rows(), dim);
    this.drawn = new float[network.rows() * dim];
  }

  /** Texts of a pass. */
  int texts() {
    return texts;
  }

  /**
   * Samples {@code count} texts from the {@code from}-th on into their places among all samples,
   * {@code [n * samples, D]}.
   */
  void sample(Predictor.Texts all, int from, int count, float[] samples) {
    fill(network.text(), all.text(), from, count);
    if (network.textEncodings() != null) {
      fill(network.textEncodings(), all.encodings(), from, count);
    }
    network.readText();
    sampler.sample(denoiser, noise(all.keys(), from, count), x);
    int perText = infer.samplesPerText() * dim;
    HostMemory.read(x, 0, samples, from * perText, count * perText);
  }

  /** Texts from their places; what earlier texts left in unused places stays there, unread. */
  private void fill(INDArray into, float[] values, int from, int count) {
    int width = Math.toIntExact(into.length() / texts);
    HostMemory.write(values, from * width, count * width, into);
  }

  /** Noise by the text's key, the sample's number and the draw's. */
  private NoiseSource noise(long[] keys, int from, int count) {
    int samples = infer.samplesPerText();
    return (entry, into) -> {
      for (int row = 0; row < count * samples; row++) {
        NamedRandom.of(infer.seed(), "sample", keys[from + row / samples], row % samples, entry)
            .fillGaussian(drawn, row * dim, dim);
      }
      HostMemory.write(drawn, into);
    };
  }
}
