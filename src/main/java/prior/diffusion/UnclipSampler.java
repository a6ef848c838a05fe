package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import prior.fault.UserFault;

/**
 * diffusers' sampling loop over some of the timesteps. The result is what diffusion works on: its
 * mean and deviation are put back by who knows them.
 *
 * @param steps timesteps visited, at least 2
 */
public record UnclipSampler(UnclipSchedule schedule, int steps) implements Sampler {
  public UnclipSampler {
    if (steps < 2) {
      throw UserFault.usage(
          "Cannot sample: expected infer.steps of at least 2 for the unclip family, found "
              + steps);
    }
  }

  @Override
  public INDArray sample(Denoiser denoiser, NoiseSource noise, INDArray x) {
    int[] times = schedule.times(steps);
    INDArray x0 = x.like();
    noise.draw(0, x);
    for (int i = 0; i < times.length; i++) {
      int previous = i + 1 < times.length ? times[i + 1] : times[i] - 1;
      estimate(schedule.estimate(times[i]), x, denoiser.predict(x, times[i], x0), x0);
      UnclipSchedule.Step step = schedule.step(times[i], previous);
      x.muli(step.xtWeight());
      INDArray term = x0.muli(step.x0Weight());
      x.addi(term);
      if (times[i] > 0) {
        noise.draw(i + 1, term);
        x.addi(term.muli(step.deviation()));
      }
    }
    return x;
  }

  /** Writes the estimate of x_0 from x_t and the prediction into {@code x0}, all one shape. */
  public static void estimate(
      UnclipSchedule.Estimate estimate, INDArray x, INDArray prediction, INDArray x0) {
    x0.assign(prediction);
    if (estimate.xtWeight() != 0) {
      x0.muli(estimate.predictionWeight()).addi(x.mul(estimate.xtWeight()));
    }
    if (Double.isFinite(estimate.range())) {
      Transforms.max(Transforms.min(x0, estimate.range(), false), -estimate.range(), false);
    }
  }
}
