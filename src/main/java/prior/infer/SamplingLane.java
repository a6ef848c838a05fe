package prior.infer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.InferConf;
import prior.data.NamedRandom;
import prior.diffusion.Denoiser;
import prior.diffusion.NoiseSource;
import prior.diffusion.Sampler;
import prior.model.HostMemory;
import prior.model.NetworkShape;
import prior.model.SamplingNetwork;

/**
 * Samples some of a pass's texts on one thread, in blocks of one size and one sample of each text
 * at a time. How a matrix product rounds depends on its number of rows, so the number never
 * changes: not with the batch, the threads or the samples of a text.
 */
final class SamplingLane {
  /**
   * Texts of a block: a multiple of the rows of a tile of oneDNN, 24 with AVX2, 48 with AVX-512.
   */
  private static final int BLOCK = 48;

  private final InferConf infer;
  private final int dim;
  private final int texts;
  private final SamplingNetwork network;
  private final Sampler sampler;
  private final Denoiser denoiser;
  private final INDArray x;
  private final float[] drawn;

  /**
   * @param wanted texts of a pass, rounded up to whole blocks
   */
  SamplingLane(
      NetworkShape shape, InferConf infer, INDArray parameters, Sampler sampler, int wanted) {
    this.infer = infer;
    this.dim = shape.imageDim();
    this.texts = Math.multiplyExact((wanted + BLOCK - 1) / BLOCK, BLOCK);
    this.sampler = sampler;
    this.network = SamplingNetwork.of(shape, parameters, BLOCK, 1);
    this.denoiser = GuidedNetwork.of(network, shape, infer).denoiser();
    this.x = Nd4j.create(BLOCK, dim);
    this.drawn = new float[BLOCK * dim];
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
    for (int done = 0; done < count; done += BLOCK) {
      block(all, from + done, Math.min(BLOCK, count - done), samples);
    }
  }

  private void block(Predictor.Texts all, int from, int count, float[] samples) {
    if (network.text() != null) {
      fill(network.text(), all.text(), from, count);
    }
    if (network.textEncodings() != null) {
      fill(network.textEncodings(), all.encodings(), from, count);
    }
    if (network.attributes() != null) {
      fill(network.attributes(), all.attributes(), from, count);
    }
    network.readText();
    float[] found = new float[count * dim];
    for (int sample = 0; sample < infer.samplesPerText(); sample++) {
      sampler.sample(denoiser, noise(all.keys(), from, count, sample), x);
      HostMemory.read(x, 0, found, 0, found.length);
      for (int row = 0; row < count; row++) {
        int place = (from + row) * infer.samplesPerText() + sample;
        System.arraycopy(found, row * dim, samples, place * dim, dim);
      }
    }
  }

  /** Texts from their places; what earlier texts left in unused places stays there, unread. */
  private static void fill(INDArray into, float[] values, int from, int count) {
    int width = Math.toIntExact(into.length() / BLOCK);
    HostMemory.write(values, from * width, count * width, into);
  }

  /** Noise by the text's key, the sample's number and the draw's. */
  private NoiseSource noise(long[] keys, int from, int count, int sample) {
    return (entry, into) -> {
      for (int row = 0; row < count; row++) {
        NamedRandom.of(infer.seed(), "sample", keys[from + row], sample, entry)
            .fillGaussian(drawn, row * dim, dim);
      }
      HostMemory.write(drawn, into);
    };
  }
}
