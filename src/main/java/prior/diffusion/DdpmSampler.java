package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Ancestral sampling over all timesteps (Ho et al. 2020, algorithm 2). */
record DdpmSampler(NoiseSchedule schedule, Target target) implements Sampler {

  @Override
  public INDArray sample(Denoiser denoiser, NoiseSource noise, INDArray x) {
    INDArray x0 = x.like();
    INDArray drawn = x.like();
    noise.draw(0, x);
    target.start(x);
    for (int t = schedule.timesteps() - 1; t >= 0; t--) {
      target.estimateX0(schedule, x, t, denoiser.predict(x, t, x0), x0);
      x.muli(schedule.posteriorXt(t)).addi(drawn.assign(x0).muli(schedule.posteriorX0(t)));
      if (t > 0) {
        noise.draw(schedule.timesteps() - t, drawn);
        x.addi(drawn.muli(schedule.posteriorDeviation(t)));
      }
    }
    return target.finish(x);
  }
}
