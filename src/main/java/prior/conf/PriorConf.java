package prior.conf;

import java.io.Serializable;

/**
 * {@code prior}: the reference's {@code DiffusionPrior}.
 *
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
        .done();
  }

  /** The factor between unit-norm embeddings and what diffusion works on. */
  public float scale() {
    return imageEmbedScale == null ? (float) Math.sqrt(net.dim()) : imageEmbedScale.floatValue();
  }

  /** Probability that a row's text is dropped in training. */
  public double textDrop() {
    return textCondDropProb == null ? condDropProb : textCondDropProb;
  }

  /** Probability that a row's noised image is dropped in training. */
  public double imageDrop() {
    return imageCondDropProb == null ? condDropProb : imageCondDropProb;
  }
}
