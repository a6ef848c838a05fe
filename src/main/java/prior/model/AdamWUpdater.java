package prior.model;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

/** Turns the graph's gradient into AdamW's step, in place. */
final class AdamWUpdater implements GradientUpdater<AdamW> {
  private static final double CLIP_EPSILON = 1e-6;

  private final AdamW config;
  private final INDArray m;
  private final INDArray v;
  private double gradientNorm;

  AdamWUpdater(AdamW config, INDArray state) {
    INDArray flat = state.reshape(state.length());
    long half = flat.length() / 2;
    this.config = config;
    this.m = Windows.elements(flat, 0, half);
    this.v = Windows.elements(flat, half, 2 * half);
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    gradientNorm = gradient.norm2Number().doubleValue();
    double factor = config.maxGradientNorm() / (gradientNorm + CLIP_EPSILON);
    if (factor < 1) {
      gradient.muli(factor);
    }
    // The kernel adds epsilon before the correction by sqrt(1 - beta2^k); PyTorch adds it after.
    double epsilon = config.epsilon() * Math.sqrt(1 - Math.pow(config.beta2(), iteration + 1.0));
    double rate = config.getLearningRate(iteration, epoch);
    Nd4j.exec(
        new AdamUpdater(gradient, v, m, rate, config.beta1(), config.beta2(), epsilon, iteration));
  }

  /** The gradient's length before clipping, of the last step. */
  double gradientNorm() {
    return gradientNorm;
  }

  @Override
  public AdamW getConfig() {
    return config;
  }

  @Override
  public void setState(Map<String, INDArray> state, boolean initialize) {
    throw new UnsupportedOperationException("AdamW keeps its state in one vector");
  }

  @Override
  public Map<String, INDArray> getState() {
    return Map.of("M", m, "V", v);
  }

  @Override
  public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialize) {
    throw new UnsupportedOperationException("AdamW is given its state when it is made");
  }
}
