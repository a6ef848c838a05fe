package prior.conf;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code infer}: sampling of image embeddings.
 *
 * @param sampler which sampler
 * @param steps timesteps it visits; null for prior.sample_timesteps, then T
 * @param ddimEta 0 for deterministic DDIM, 1 for DDPM's noise
 * @param dpmppGrid how DPM-Solver++ spaces its timesteps
 * @param condScale classifier-free guidance by condition, {@code text} or an attribute's name;
 *     under no name for all
 * @param attributes values that hold for all rows, by attribute's name; null for no value
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
    Map<String, Double> condScale,
    Map<String, String> attributes,
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
    condScale = Collections.unmodifiableMap(new TreeMap<>(condScale));
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    Check check = new Check();
    condScale.forEach(
        (name, scale) ->
            check
                .that(scale != null, "cond_scale." + name + " must have a value but was null")
                .within(name.isEmpty() ? "cond_scale" : "cond_scale." + name, scale, 0, 1000));
    check
        .within("steps", steps, 1, 1_000_000)
        .within("ddim_eta", ddimEta, 0, 1)
        .within("samples_per_text", samplesPerText, 1, 10_000)
        .within("batch_size", batchSize, 1, 1_000_000)
        .within("rows_per_file", rowsPerFile, 1, 100_000_000)
        .that(!output.isBlank(), "output must name a column but was empty")
        .done();
  }

  /** Guidance of the text, and of all attributes without a scale of their own. */
  public double textScale() {
    return condScale.getOrDefault(AttributeConf.TEXT, condScale.getOrDefault("", 1.0));
  }

  /** Guidance of an attribute; that of the text where it has no own. */
  public double scale(String attribute) {
    return condScale.getOrDefault(attribute, textScale());
  }

  /** Predictions of a text that are kept. */
  public int keptPerText() {
    return switch (keep) {
      case BEST -> 1;
      case ALL -> samplesPerText;
    };
  }

  /** The same with other steps. */
  public InferConf withSteps(Integer changed) {
    return with(changed, condScale, samplesPerText, keep, outputScale, vectors);
  }

  /** The same with another guidance of the text. */
  public InferConf withTextScale(double scale) {
    Map<String, Double> scales = new TreeMap<>(condScale);
    scales.put(AttributeConf.TEXT, scale);
    return with(steps, scales, samplesPerText, keep, outputScale, vectors);
  }

  /** The same with another number of candidates. */
  public InferConf withSamples(int samples) {
    return with(steps, condScale, samples, keep, outputScale, vectors);
  }

  /** The same with one prediction for each text, as sampled, as an array. */
  public InferConf onePerText() {
    return with(
        steps,
        condScale,
        samplesPerText,
        KeptSamples.BEST,
        OutputScale.AS_TRAINED,
        VectorFormat.ARRAY);
  }

  /** The same with all of some samples of each text. */
  public InferConf all(int samples) {
    return with(
        steps, condScale, samples, KeptSamples.ALL, OutputScale.AS_TRAINED, VectorFormat.ARRAY);
  }

  private InferConf with(
      Integer newSteps,
      Map<String, Double> newScale,
      int newSamples,
      KeptSamples newKeep,
      OutputScale newLength,
      VectorFormat newVectors) {
    return new InferConf(
        sampler,
        newSteps,
        ddimEta,
        dpmppGrid,
        newScale,
        attributes,
        newSamples,
        newKeep,
        seed,
        batchSize,
        output,
        newLength,
        newVectors,
        key,
        mask,
        badRows,
        checkClip,
        rowsPerFile);
  }
}
