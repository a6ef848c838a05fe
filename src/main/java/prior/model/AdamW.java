package prior.model;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Adam exactly as PyTorch computes it, with one clip over the whole gradient before it. Weight
 * decay is the vertex's, see {@link WeightDecayRule}.
 *
 * <p>Deeplearning4j's own Adam adds epsilon before the bias correction, PyTorch after it.
 */
public final class AdamW implements IUpdater {
  private static final long serialVersionUID = 1;

  private final LearningRate rate;
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double maxGradientNorm;

  /**
   * @param maxGradientNorm the length a gradient is cut to; infinity to leave it
   */
  public AdamW(
      LearningRate rate, double beta1, double beta2, double epsilon, double maxGradientNorm) {
    this.rate = rate;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.maxGradientNorm = maxGradientNorm;
  }

  /** First moments, then second moments. */
  @Override
  public long stateSize(long parameters) {
    return 2 * parameters;
  }

  @Override
  public GradientUpdater<AdamW> instantiate(INDArray view, boolean initialize) {
    if (initialize) {
      view.assign(0);
    }
    return new AdamWUpdater(this, view);
  }

  @Override
  public GradientUpdater<AdamW> instantiate(Map<String, INDArray> state, boolean initialize) {
    throw new UnsupportedOperationException("AdamW keeps its state in one vector");
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return rate.at(iteration);
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  @Override
  public void setLrAndSchedule(double lr, ISchedule schedule) {
    throw new UnsupportedOperationException("AdamW's learning rate is fixed by the configuration");
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public IUpdater clone() {
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AdamW that
        && rate.equals(that.rate)
        && beta1 == that.beta1
        && beta2 == that.beta2
        && epsilon == that.epsilon
        && maxGradientNorm == that.maxGradientNorm;
  }

  @Override
  public int hashCode() {
    return Objects.hash(rate, beta1, beta2, epsilon, maxGradientNorm);
  }

  double beta1() {
    return beta1;
  }

  double beta2() {
    return beta2;
  }

  double epsilon() {
    return epsilon;
  }

  double maxGradientNorm() {
    return maxGradientNorm;
  }
}
