package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A way from noise to embeddings. */
public sealed interface Sampler permits DdpmSampler, DdimSampler, UnclipSampler {

  /**
   * Samples a batch.
   *
   * @param x {@code [B, D]}, used as workspace; holds the result afterwards
   * @return x: predicted image embeddings, divided by the scale
   */
  INDArray sample(Denoiser denoiser, NoiseSource noise, INDArray x);

  /**
   * The sampler the reference uses for a number of steps: DDPM for all of them, DDIM for fewer.
   *
   * @param eta 0 for a deterministic DDIM, 1 for one as noisy as DDPM
   */
  static Sampler of(NoiseSchedule schedule, Target target, int steps, double eta) {
    return steps == schedule.timesteps()
        ? new DdpmSampler(schedule, target)
        : new DdimSampler(schedule, target, steps, eta);
  }
}
