package prior.conf;

import java.io.Serializable;

/**
 * {@code infer}: sampling of image embeddings.
 *
 * @param steps DDIM steps, or prior.timesteps for DDPM; null for prior.sample_timesteps, then T
 * @param eta 0 for deterministic DDIM, 1 for DDPM's noise
 * @param condScale classifier-free guidance; 1 for none
 * @param samplesPerText candidates of which the one most similar to the text is kept
 * @param seed of the noise, drawn by the row's key
 * @param batchSize rows the network takes at once
 * @param output name of the column written
 * @param key column that names a row's noise; null for data.columns.key where the input has it
 * @param mask column that says which text rows count; null where zeros are padding
 * @param badRows what a row without a usable text does
 * @param checkClip refuse texts whose CLIP or normalisation is known to be another than the model's
 * @param rowsPerFile rows of an output file at most
 */
public record InferConf(
    Integer steps,
    double eta,
    double condScale,
    int samplesPerText,
    long seed,
    int batchSize,
    String output,
    String key,
    String mask,
    BadDataPolicy badRows,
    boolean checkClip,
    int rowsPerFile)
    implements Serializable {

  public InferConf {
    new Check()
        .within("steps", steps, 1, 1_000_000)
        .within("eta", eta, 0, 1)
        .within("cond_scale", condScale, 0, 1000)
        .within("samples_per_text", samplesPerText, 1, 10_000)
        .within("batch_size", batchSize, 1, 1_000_000)
        .within("rows_per_file", rowsPerFile, 1, 100_000_000)
        .that(!output.isBlank(), "output must name a column but was empty")
        .done();
  }
}
