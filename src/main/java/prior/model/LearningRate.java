package prior.model;

import java.io.Serializable;

/**
 * The learning rate of update k, counted from 0: {@code base (1 + cos(pi k / decaySteps)) / 2
 * min(1, (k + 1) / warmupSteps)}.
 *
 * @param warmupSteps 0 for none
 * @param decaySteps half a cosine period in steps; 0 for no decay
 */
public record LearningRate(double base, int warmupSteps, int decaySteps) implements Serializable {

  /** The rate in force for update k. */
  public double at(long k) {
    double decay = decaySteps == 0 ? 1 : (1 + Math.cos(Math.PI * k / decaySteps)) / 2;
    double warmup = warmupSteps == 0 ? 1 : Math.min(1, (k + 1.0) / warmupSteps);
    return base * decay * warmup;
  }
}
