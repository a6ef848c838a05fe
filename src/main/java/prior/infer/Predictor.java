package prior.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.InferConf;
import prior.conf.KeptSamples;
import prior.conf.PriorConf;
import prior.conf.SamplerChoice;
import prior.diffusion.NoiseSchedule;
import prior.diffusion.Sampler;
import prior.diffusion.Target;
import prior.diffusion.UnclipSampler;
import prior.diffusion.UnclipSchedule;
import prior.fault.UserFault;
import prior.model.HostMemory;
import prior.model.ImageScaling;
import prior.model.Lanes;
import prior.model.NetworkShape;

/**
 * Predicts image embeddings for text embeddings, always in blocks of one size: a row's prediction
 * depends on its text, its key and the settings, not on its neighbours, and on its place in a block
 * by no more than the last bit. One thread at a time may use it; it uses several of its own where
 * it was given them.
 */
public final class Predictor implements AutoCloseable {
  private final InferConf infer;
  private final int dim;
  private final ImageScaling scaling;
  private final float[] attributes;
  private final Lanes threads;
  private final List<SamplingLane> lanes = new ArrayList<>();

  /**
   * @param parameters the flat vector, see {@link prior.model.ParameterLayout}
   * @param threads the cores to use
   */
  public Predictor(PriorConf prior, InferConf infer, float[] parameters, int threads) {
    check(prior, infer);
    this.infer = infer;
    NetworkShape shape = NetworkShape.of(prior);
    this.dim = shape.imageDim();
    this.attributes = AttributeRow.of(prior, infer);
    this.threads = new Lanes(threads);
    INDArray flat = Nd4j.create(1, parameters.length);
    HostMemory.write(parameters, flat);
    this.scaling = ImageScaling.afterSampling(prior, parameters);
    Sampler sampler = sampler(prior, infer);
    int texts = infer.batchSize();
    int each = (texts + threads - 1) / threads;
    for (int lane = 0; lane < threads; lane++) {
      lanes.add(new SamplingLane(shape, infer, flat, sampler, each));
    }
  }

  /**
   * Refuses what cannot be sampled.
   *
   * @throws UserFault where samples are to be compared with a text of another width, or none
   */
  public static void check(PriorConf prior, InferConf infer) {
    if (chooses(infer) && prior.textDim() != prior.imageDim()) {
      throw UserFault.usage(
          "Cannot choose among samples: expected text and image embeddings of one width to compare,"
              + " found %s and %d; infer.keep = all keeps each"
                  .formatted(
                      prior.textDim() == 0 ? "no text embedding" : prior.textDim(),
                      prior.imageDim()));
    }
  }

  private static Sampler sampler(PriorConf prior, InferConf infer) {
    int steps = steps(prior, infer);
    return switch (prior.family()) {
      case DALLE2 ->
          Sampler.of(
              NoiseSchedule.of(prior.betaSchedule(), prior.timesteps()),
              Target.of(prior),
              new Sampler.Sampling(infer.sampler(), steps, infer.ddimEta(), infer.dpmppGrid()));
      case UNCLIP -> unclip(prior, infer.sampler(), steps);
    };
  }

  private static Sampler unclip(PriorConf prior, SamplerChoice wanted, int steps) {
    return switch (wanted) {
      case AUTO, DDPM -> new UnclipSampler(new UnclipSchedule(prior.unclip().scheduler()), steps);
      case DDIM, DPMPP ->
          throw UserFault.usage(
              "Cannot sample: expected infer.sampler auto or ddpm for the unclip family, whose steps are diffusers' UnCLIPScheduler's, found "
                  + wanted.name().toLowerCase(Locale.ROOT));
    };
  }

  /** Timesteps that sampling visits: infer.steps, else prior.sample_timesteps, else all. */
  public static int steps(PriorConf prior, InferConf infer) {
    if (infer.steps() != null) {
      return Math.min(infer.steps(), prior.trainTimesteps());
    }
    return prior.sampleTimesteps() == null ? prior.trainTimesteps() : prior.sampleTimesteps();
  }

  /** Texts that one pass takes: what callers best give at once. */
  public int textsPerPass() {
    return lanes.stream().mapToInt(SamplingLane::texts).sum();
  }

  /**
   * Text to predict from.
   *
   * @param keys what names each row's noise {@code [n]}
   * @param text text embeddings {@code [n, P]}
   * @param encodings text rows {@code [n, M, E]}, zero rows are padding; null where the network has
   *     none
   * @param attributes {@code [n, C]}, see {@link prior.data.AttributeColumn}; null for those of the
   *     settings alone
   */
  public record Texts(long[] keys, float[] text, float[] encodings, float[] attributes) {
    /** Texts with the attributes of the settings alone. */
    public Texts(long[] keys, float[] text, float[] encodings) {
      this(keys, text, encodings, null);
    }

    /** Number of texts. */
    public int rows() {
      return keys.length;
    }
  }

  private static boolean chooses(InferConf infer) {
    return infer.keep() == KeptSamples.BEST && infer.samplesPerText() > 1;
  }

  /**
   * Predicted image embeddings {@code [n * k, D]} of at most {@link #textsPerPass} texts, the k
   * that are kept of a text one after another.
   */
  public float[] predict(Texts texts) {
    float[] samples = new float[texts.rows() * infer.samplesPerText() * dim];
    Texts complete = texts.attributes() == null ? withAttributes(texts) : texts;
    threads.run(lane -> sample(lane, complete, samples));
    float[] images = scaling.undo(samples);
    return chooses(infer) ? best(texts, images) : images;
  }

  private Texts withAttributes(Texts texts) {
    float[] all = new float[texts.rows() * attributes.length];
    for (int row = 0; row < texts.rows(); row++) {
      System.arraycopy(attributes, 0, all, row * attributes.length, attributes.length);
    }
    return new Texts(texts.keys(), texts.text(), texts.encodings(), all);
  }

  private float[] best(Texts texts, float[] samples) {
    float[] best = new float[texts.rows() * dim];
    int[] choice = BestOfN.choose(samples, texts.text(), dim, infer.samplesPerText());
    for (int row = 0; row < texts.rows(); row++) {
      int from = (row * infer.samplesPerText() + choice[row]) * dim;
      System.arraycopy(samples, from, best, row * dim, dim);
    }
    return best;
  }

  /** Lets its threads go; nothing can be predicted after. */
  @Override
  public void close() {
    threads.close();
  }

  private void sample(int lane, Texts texts, float[] samples) {
    int each = lanes.get(lane).texts();
    int count = Math.min(each, texts.rows() - lane * each);
    if (count > 0) {
      lanes.get(lane).sample(texts, lane * each, count, samples);
    }
  }
}
