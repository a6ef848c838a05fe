package prior.infer.spark;

import prior.conf.Settings;

/**
 * A model to predict with.
 *
 * @param settings the checkpoint's, with what the caller set over them
 * @param weights the flat parameter vector
 * @param id names the weights: checkpoint and digest
 * @param configHash digest of the effective configuration
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainedPrior(Settings settings, float[] weights, String id, String configHash) {}
