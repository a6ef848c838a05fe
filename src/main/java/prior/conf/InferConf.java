package prior.conf;

import java.io.Serializable;

/**
 * {@code infer}: sampling of image embeddings.
 *
 * @param sampler which sampler
 * @param steps timesteps it visits; null for prior.sample_timesteps, then T
 * @param ddimEta 0 for deterministic DDIM, 1 for DDPM's noise
 * @param dpmppGrid how DPM-Solver++ spaces its timesteps
 * @param condScale classifier-free guidance; 1 for none
 * @param samplesPerText candidates of each text
 * @param keep which of them are written
 * @param seed of the noise, drawn by the row's key
 * @param batchSize texts taken at once, in blocks of 48 for each thread
 * @param output name of the column written
 * @param outputScale their length
 * @param vectors how predictions lie in it
 * @param key column that names a row's noise; null for data.columns.key where the input has it
 * @param mask column that says which text rows count; null where zeros are padding
 * @param badRows what a row without a usable text does
 * @param checkClip refuse texts whose CLIP or normalisation is known to be another than the model's
 * @param rowsPerFile rows of an output file at most
 */
public record InferConf(
    SamplerChoice sampler,
    Integer steps,
    double ddimEta,
    DpmppGrid dpmppGrid,
    double condScale,
    int samplesPerText,
    KeptSamples keep,
    long seed,
    int batchSize,
    String output,
    OutputScale outputScale,
    VectorFormat vectors,
    String key,
    String mask,
    BadDataPolicy badRows,
    boolean checkClip,
    int rowsPerFile)
    implements Serializable {

  public InferConf {
    new Check()
        .within("steps", steps, 1, 1_000_000)
        .within("ddim_eta", ddimEta, 0, 1)
        .within("cond_scale", condScale, 0, 1000)
        .within("samples_per_text", samplesPerText, 1, 10_000)
        .within("batch_size", batchSize, 1, 1_000_000)
        .within("rows_per_file", rowsPerFile, 1, 100_000_000)
        .that(!output.isBlank(), "output must name a column but was empty")
        .done();
  }

  /** Predictions of a text that are kept. */
  public int keptPerText() {
    return switch (keep) {
      case BEST -> 1;
      case ALL -> samplesPerText;
    };
  }

  /** The same with one prediction for each text, as sampled, as an array. */
  public InferConf onePerText() {
    return new InferConf(
        sampler,
        steps,
        ddimEta,
        dpmppGrid,
        condScale,
        samplesPerText,
        KeptSamples.BEST,
        seed,
        batchSize,
        output,
        OutputScale.AS_TRAINED,
        VectorFormat.ARRAY,
        key,
        mask,
        badRows,
        checkClip,
        rowsPerFile);
  }
}
