package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;
import prior.conf.DpmppGrid;
import prior.conf.SamplerChoice;
import prior.fault.UserFault;

/** A way from noise to embeddings. */
public sealed interface Sampler permits DdpmSampler, DdimSampler, DpmppSampler, UnclipSampler {

  /**
   * Samples a batch.
   *
   * @param x {@code [B, D]}, used as workspace; holds the result afterwards
   * @return x: predicted image embeddings, divided by the scale
   */
  INDArray sample(Denoiser denoiser, NoiseSource noise, INDArray x);

  /**
   * The sampler of the dalle2 family for a number of steps.
   *
   * @throws UserFault where DDPM is wanted for fewer steps than there are timesteps
   */
  static Sampler of(NoiseSchedule schedule, Target target, Sampling wanted) {
    boolean all = wanted.steps() == schedule.timesteps();
    return switch (wanted.sampler()) {
      case AUTO -> all ? new DdpmSampler(schedule, target) : ddim(schedule, target, wanted);
      case DDPM -> {
        if (!all) {
          throw UserFault.usage(
              "Cannot sample: infer.sampler ddpm visits all %d timesteps, found infer.steps %d; set infer.steps=%d or another infer.sampler"
                  .formatted(schedule.timesteps(), wanted.steps(), schedule.timesteps()));
        }
        yield new DdpmSampler(schedule, target);
      }
      case DDIM -> ddim(schedule, target, wanted);
      case DPMPP -> new DpmppSampler(schedule, target, wanted.steps(), wanted.grid());
    };
  }

  private static Sampler ddim(NoiseSchedule schedule, Target target, Sampling wanted) {
    return new DdimSampler(schedule, target, wanted.steps(), wanted.ddimEta());
  }

  /**
   * Which sampler, and how it goes.
   *
   * @param steps timesteps visited; DDIM counts the clean end as one
   * @param ddimEta 0 for a deterministic DDIM, 1 for one as noisy as DDPM
   * @param grid spacing of DPM-Solver++
   */
  record Sampling(SamplerChoice sampler, int steps, double ddimEta, DpmppGrid grid) {}
}
