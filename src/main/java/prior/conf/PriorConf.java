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
 * @param minSnrGamma signal-to-noise ratio at which min-snr cuts
 * @param p2Gamma exponent of p2; 0 weighs all timesteps alike
 * @param p2K what p2 adds to the ratio, so that little noise keeps a weight
 * @param samplingClamp what is done to each estimate of x_0 while sampling
 * @param trainingClampL2norm bring predictions to the scale's length before the loss
 * @param imageScale how image embeddings become what diffusion works on
 * @param imageEmbedScale the factor of {@code sqrt-dim}; null for the root of their width
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
    LossWeight lossWeight,
    double minSnrGamma,
    double p2Gamma,
    double p2K,
    Objective objective,
    BetaSchedule betaSchedule,
    boolean conditionOnTextEncodings,
    SamplingClamp samplingClamp,
    boolean samplingFinalClampL2norm,
    boolean trainingClampL2norm,
    boolean initImageEmbedL2norm,
    ImageScale imageScale,
    Double imageEmbedScale)
    implements Serializable {

  public PriorConf {
    Integer table = net.numTimesteps();
    boolean clamps =
        samplingClamp != SamplingClamp.NONE
            || samplingFinalClampL2norm
            || trainingClampL2norm
            || initImageEmbedL2norm;
    new Check()
        .within("timesteps", timesteps, 1, 1_000_000)
        .within("sample_timesteps", sampleTimesteps, 1, timesteps)
        .within("cond_drop_prob", condDropProb, 0, 1)
        .within("text_cond_drop_prob", textCondDropProb, 0, 1)
        .within("image_cond_drop_prob", imageCondDropProb, 0, 1)
        .above("min_snr_gamma", minSnrGamma, 0)
        .within("p2_gamma", p2Gamma, 0, 100)
        .above("p2_k", p2K, 0)
        .above("image_embed_scale", imageEmbedScale, 0)
        .that(
            table == null || table >= timesteps,
            "net.num_timesteps must be at least timesteps " + timesteps + " but was " + table)
        .that(
            family == Family.DALLE2 || net.attributes().isEmpty(),
            "net.attributes must be empty for networks of the unclip family")
        .that(
            conditionOnTextEncodings || net.textDim() > 0,
            "net.text_embed_width must not be 0 where condition_on_text_encodings is false")
        .that(
            family == Family.DALLE2 || imageScale == ImageScale.SQRT_DIM,
            "image_scale must be sqrt-dim for networks of the unclip family, which hold a mean and"
                + " deviation of their own")
        .that(
            !imageScale.measured() || imageEmbedScale == null,
            "image_embed_scale must be null where image_scale is not sqrt-dim")
        .that(
            !imageScale.measured() || !clamps,
            "sampling_clamp must be none and sampling_final_clamp_l2norm, training_clamp_l2norm and"
                + " init_image_embed_l2norm false where image_scale is not sqrt-dim: there is no"
                + " length to bring anything to")
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
      case DALLE2 -> net.imageDim();
      case UNCLIP -> unclip.imageTokens() * unclip.embeddingDim();
    };
  }

  /** Width of text embeddings; 0 where the network takes none. */
  public int textDim() {
    return switch (family) {
      case DALLE2 -> net.textDim();
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
      case DALLE2 -> net.encodingDim();
      case UNCLIP -> unclip.encodingDim();
    };
  }

  /**
   * The factor between embeddings and what diffusion works on; 1 where that is measured instead.
   */
  public float scale() {
    if (imageScale.measured()) {
      return 1;
    }
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
