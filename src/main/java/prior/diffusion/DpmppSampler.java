package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;
import prior.conf.DpmppGrid;

/**
 * DPM-Solver++ 2M over some of the timesteps (Lu et al. 2022, algorithm 2): a step follows the line
 * through the last two estimates of x_0 over {@code lambda = log(signal / noise)}. The first step
 * has one estimate only and is DDIM's without noise; the last ends without noise, where lambda is
 * infinite, and is the estimate itself.
 *
 * @param steps calls of the network, at most T
 */
record DpmppSampler(NoiseSchedule schedule, Target target, int steps, DpmppGrid grid)
    implements Sampler {

  @Override
  public INDArray sample(Denoiser denoiser, NoiseSource noise, INDArray x) {
    INDArray x0 = x.like();
    INDArray before = x.like();
    int[] times = DpmppTimes.of(schedule, grid, steps);
    noise.draw(0, x);
    target.start(x);
    for (int i = 0; i < times.length; i++) {
      before.assign(x0);
      target.estimateX0(schedule, x, times[i], denoiser.predict(x, times[i], x0), x0);
      if (i + 1 < times.length) {
        double past = i == 0 ? 0 : share(times[i - 1], times[i], times[i + 1]);
        step(x, x0, before, past, times[i], times[i + 1]);
      }
    }
    return target.finish(x.assign(x0));
  }

  /** {@code h / (2 h')} with h' the width of the step before; 0 after an infinite one. */
  private double share(int before, int t, int next) {
    return width(t, next) / (2 * width(before, t));
  }

  private double width(int t, int next) {
    return schedule.lambda(next) - schedule.lambda(t);
  }

  /**
   * {@code x = noise(next)/noise(t) x - signal(next) (exp(-h) - 1) ((1 + past) x0 - past before)};
   * before is used up.
   */
  private void step(INDArray x, INDArray x0, INDArray before, double past, int t, int next) {
    double estimate = -schedule.signal(next) * Math.expm1(-width(t, next));
    x.muli((double) schedule.noise(next) / schedule.noise(t));
    x.addi(before.muli(-past * estimate));
    x.addi(before.assign(x0).muli((1 + past) * estimate));
  }
}
