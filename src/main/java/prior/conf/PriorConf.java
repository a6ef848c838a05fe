package prior.conf;

import java.io.Serializable;
import java.util.List;

/**
 * {@code prior}: the reference's {@code DiffusionPrior}, or diffusers' prior.
 *
 * @param family which of the two holds: {@code net} and what follows it, or {@code unclip}
 * @param timesteps T, length of the noise schedule
 * @param sampleTimesteps steps of sampling where the caller names none; null for T
 * @param condDropProb probability that a condition is dropped in training
 * @param textCondDropProb the same for text alone; null for {@code condDropProb}
 * @param imageCondDropProb the same for the noised image alone; null for {@code condDropProb}
 * @param samplingClamp what is done to each estimate of x_0 while sampling
 * @param trainingClampL2norm bring predictions to the scale's length before the loss
 * @param imageEmbedScale factor on unit-norm image embeddings; null for sqrt(dim)
 */
public record PriorConf(
    Family family,
    UnclipConf unclip,
    NetConf net,
    int timesteps,
    Integer sampleTimesteps,
    double condDropProb,
    Double textCondDropProb,
    Double imageCondDropProb,
    LossType lossType,
    Objective objective,
    BetaSchedule betaSchedule,
    boolean conditionOnTextEncodings,
    SamplingClamp samplingClamp,
    boolean samplingFinalClampL2norm,
    boolean trainingClampL2norm,
    boolean initImageEmbedL2norm,
    Double imageEmbedScale)
    implements Serializable {

  public PriorConf {
    Integer table = net.numTimesteps();
    new Check()
        .within("timesteps", timesteps, 1, 1_000_000)
        .within("sample_timesteps", sampleTimesteps, 1, timesteps)
        .within("cond_drop_prob", condDropProb, 0, 1)
        .within("text_cond_drop_prob", textCondDropProb, 0, 1)
        .within("image_cond_drop_prob", imageCondDropProb, 0, 1)
        .above("image_embed_scale", imageEmbedScale, 0)
        .that(
            table == null || table >= timesteps,
            "net.num_timesteps must be at least timesteps " + timesteps + " but was " + table)
        .that(
            family == Family.DALLE2 || net.attributes().isEmpty(),
            "net.attributes must be empty for networks of the unclip family")
        .done();
  }

  /** Conditions beside the text, in the order of their tokens. */
  public List<AttributeConf> attributes() {
    return net.attributes();
  }

  /** Probability that an attribute is dropped in training. */
  public double drop(AttributeConf attribute) {
    return attribute.condDropProb() == null ? condDropProb : attribute.condDropProb();
  }

  /** T of the family that holds. */
  public int trainTimesteps() {
    return switch (family) {
      case DALLE2 -> timesteps;
      case UNCLIP -> unclip.scheduler().numTrainTimesteps();
    };
  }

  /** What the network predicts, in the family that holds. */
  public Objective predicts() {
    return switch (family) {
      case DALLE2 -> objective;
      case UNCLIP -> unclip.scheduler().objective();
    };
  }

  /** Width of image embeddings. */
  public int imageDim() {
    return switch (family) {
      case DALLE2 -> net.dim();
      case UNCLIP -> unclip.imageTokens() * unclip.embeddingDim();
    };
  }

  /** Width of text embeddings. */
  public int textDim() {
    return switch (family) {
      case DALLE2 -> net.dim();
      case UNCLIP -> unclip.textDim();
    };
  }

  /** Rows of text encodings that the data gives; 0 where the network takes none. */
  public int encodingRows() {
    return switch (family) {
      case DALLE2 -> conditionOnTextEncodings ? net.maxTextLen() : 0;
      case UNCLIP -> unclip.textTokens();
    };
  }

  /** Width of text encodings. */
  public int encodingDim() {
    return switch (family) {
      case DALLE2 -> net.dim();
      case UNCLIP -> unclip.encodingDim();
    };
  }

  /** The factor between unit-norm embeddings and what diffusion works on. */
  public float scale() {
    return imageEmbedScale == null ? (float) Math.sqrt(imageDim()) : imageEmbedScale.floatValue();
  }

  /** Probability that a row's text is dropped in training. */
  public double textDrop() {
    return textCondDropProb == null ? defaultDrop() : textCondDropProb;
  }

  /** diffusers' training drops nothing unless it is asked to. */
  private double defaultDrop() {
    return switch (family) {
      case DALLE2 -> condDropProb;
      case UNCLIP -> 0;
    };
  }

  /** Probability that a row's noised image is dropped in training. */
  public double imageDrop() {
    return switch (family) {
      case DALLE2 -> imageCondDropProb == null ? condDropProb : imageCondDropProb;
      case UNCLIP -> 0;
    };
  }
}
