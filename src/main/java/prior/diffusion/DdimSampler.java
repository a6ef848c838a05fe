package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sampling over some of the timesteps (Song et al. 2021, equation 12).
 *
 * @param steps number of values of {@link DdimTimes}; the network is called once less
 * @param eta 0 for no noise between steps, 1 for DDPM's
 */
record DdimSampler(NoiseSchedule schedule, Target target, int steps, double eta)
    implements Sampler {

  @Override
  public INDArray sample(Denoiser denoiser, NoiseSource noise, INDArray x) {
    INDArray x0 = x.like();
    INDArray epsilon = x.like();
    int[] times = DdimTimes.of(schedule.timesteps(), steps);
    noise.draw(0, x);
    target.start(x);
    for (int i = 0; i + 1 < times.length; i++) {
      int t = times[i];
      target.estimateX0(schedule, x, t, denoiser.predict(x, t, x0), x0);
      if (times[i + 1] < 0) {
        x.assign(x0);
      } else {
        epsilon
            .assign(x)
            .muli(schedule.reciprocalSignal(t))
            .subi(x0)
            .divi(schedule.noiseToSignal(t));
        step(x, x0, epsilon, t, times[i + 1]);
        addNoise(noise, i + 1, x, epsilon, t, times[i + 1]);
      }
    }
    return target.finish(x);
  }

  /** {@code x = x0 sqrt(an) + epsilon sqrt(1 - an - c1^2)}; epsilon is used up. */
  private void step(INDArray x, INDArray x0, INDArray epsilon, int t, int next) {
    double alphaNext = schedule.alphaBarBefore(next);
    double c1 = c1(t, next);
    x.assign(x0).muli(Math.sqrt(alphaNext));
    x.addi(epsilon.muli(Math.sqrt(1 - alphaNext - c1 * c1)));
  }

  private void addNoise(NoiseSource noise, int entry, INDArray x, INDArray drawn, int t, int next) {
    if (next > 0) {
      noise.draw(entry, drawn);
      x.addi(drawn.muli(c1(t, next)));
    }
  }

  /** {@code eta sqrt((1 - a/an)(1 - an)/(1 - a))}. */
  private double c1(int t, int next) {
    double alpha = schedule.alphaBarBefore(t);
    double alphaNext = schedule.alphaBarBefore(next);
    return eta * Math.sqrt((1 - alpha / alphaNext) * (1 - alphaNext) / (1 - alpha));
  }
}
