package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import prior.diffusion.Denoiser;

/**
 * A network for one batch size: everything it computes is recorded once over fixed buffers and
 * replayed. One thread at a time may use it.
 *
 * <p>It reads the parameter vector where it lies, so a change of the parameters is seen by the next
 * pass.
 */
public interface Network {
  /**
   * A network that only predicts.
   *
   * @param values the flat parameters, see {@link ParameterLayout}
   */
  static Network forInference(NetworkShape shape, INDArray values, int batch) {
    return of(shape, TrainingRule.PLAIN, new Weights(shape.layout(), values, null), batch);
  }

  /**
   * A network that also differentiates where the weights have gradients, into which {@link
   * #backward} writes.
   */
  static Network of(NetworkShape shape, TrainingRule rule, Weights weights, int batch) {
    return shape instanceof UnclipShape unclip
        ? new UnclipNetwork(unclip, rule, weights, batch)
        : new PriorNetwork((Dalle2Shape) shape, rule, weights, batch);
  }

  /** B, the rows of a pass. */
  int batch();

  /** The arrays to fill before a pass. */
  Inputs inputs();

  /** The prediction for what {@link #inputs} holds; overwritten by the next call. */
  INDArray forward();

  /**
   * The prediction as training sees it: with dropout, and clamped where configured.
   *
   * @param batchName names the dropout masks, with the shard's number
   */
  INDArray trainingForward(long batchName, int shard);

  /**
   * Fills the self-conditioning of the next pass: for flagged rows the prediction made without it,
   * without dropout and with text and image kept, through which no gradient flows; zeros for the
   * others (Chen et al. 2022, algorithm 1). Leaves the keep masks at 1.
   *
   * @param flags 1 or 0 {@code [B, 1]}
   */
  void conditionOnSelf(INDArray flags);

  /**
   * Writes every parameter's gradient for the last pass, given that of what {@link
   * #trainingForward} returned.
   */
  void backward(INDArray gradient);

  /** Predicts with the conditions that {@link #inputs} holds. */
  default Denoiser conditional() {
    return (x, t, x0) -> predict(x, t, x0, 1);
  }

  /** Predicts with all conditions dropped. */
  default Denoiser unconditional() {
    return (x, t, x0) -> predict(x, t, x0, 0);
  }

  private INDArray predict(INDArray x, int t, INDArray x0, int keep) {
    Inputs inputs = inputs();
    if (inputs.selfCond() != null) {
      inputs.selfCond().assign(x0);
    }
    inputs.noised().assign(x);
    inputs.times().assign(t);
    inputs.keepText().assign(keep);
    inputs.keepImage().assign(keep);
    return keep == 0 && inputs.attributes() != null ? withoutAttributes() : forward();
  }

  private INDArray withoutAttributes() {
    INDArray given = inputs().attributes().dup();
    inputs().attributes().assign(0);
    INDArray prediction = forward();
    inputs().attributes().assign(given);
    return prediction;
  }
}
