package prior.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.diffusion.Denoiser;
import prior.model.Transformer.Readout;

/**
 * The prior's network for one batch size (DALL-E 2, section 2.2): everything it computes is
 * recorded once over fixed buffers and replayed. One thread at a time may use it.
 *
 * <p>It reads the parameter vector where it lies, so a change of the parameters is seen by the next
 * pass.
 */
public final class PriorNetwork {
  private final int batch;
  private final Inputs inputs;
  private final Program forward = new Program();
  private final Program backward = new Program();
  private final Program clamp = new Program();
  private final DropoutMasks masks;
  private final INDArray prediction;
  private final INDArray output;
  private final INDArray dOutput;

  private PriorNetwork(
      NetworkShape shape,
      TrainingRule rule,
      Weights weights,
      Span span,
      List<Pass> earlier,
      LayerHooks hooks) {
    this.batch = span.rows();
    Buffers buffers =
        new Buffers(
            weights.values().dataType(),
            weights.training() ? Buffers.Purpose.TRAINING : Buffers.Purpose.INFERENCE);
    this.masks = new DropoutMasks(buffers, rule.dropout());
    Pass pass = new Pass(buffers, weights, shape, masks, span, earlier, Readout.LAST_TOKEN);
    Head head = new Head(buffers, weights, shape, batch);
    this.inputs = pass.inputs();
    pass.prepare(forward);
    this.prediction = head.forward(forward, pass.forward(forward, hooks));
    OutputClamp bound =
        rule.clampLength() == 0
            ? null
            : new OutputClamp(buffers, rule.clampLength(), batch, shape.dim());
    this.output = bound == null ? prediction : bound.forward(clamp, prediction);
    this.dOutput = weights.training() ? buffers.own(batch, shape.dim()) : null;
    if (weights.training()) {
      INDArray dLast = buffers.own(batch, shape.dim());
      if (bound != null) {
        bound.backward(backward, dOutput);
      }
      head.backward(backward, dOutput, dLast);
      pass.backward(backward, dLast, hooks);
    }
  }

  /**
   * A network that only predicts.
   *
   * @param values the flat parameters, see {@link ParameterLayout}
   */
  public static PriorNetwork forInference(NetworkShape shape, INDArray values, int batch) {
    Weights weights = new Weights(ParameterLayout.of(shape), values, null);
    Span whole = Span.whole(shape, batch);
    return new PriorNetwork(shape, TrainingRule.PLAIN, weights, whole, List.of(), LayerHooks.NONE);
  }

  /**
   * A network that also differentiates.
   *
   * @param weights with gradients, where {@link #backward} writes
   */
  static PriorNetwork forTraining(
      NetworkShape shape, TrainingRule rule, Weights weights, int batch) {
    Span whole = Span.whole(shape, batch);
    return new PriorNetwork(shape, rule, weights, whole, List.of(), LayerHooks.NONE);
  }

  /**
   * A network that differentiates and leaves the text rows to a prefix shared with others.
   *
   * @param shard its number among those
   */
  static PriorNetwork forTraining(
      NetworkShape shape,
      TrainingRule rule,
      Weights weights,
      int batch,
      SharedPrefix prefix,
      int shard) {
    Span span = Span.afterTextRows(shape, batch);
    return new PriorNetwork(
        shape, rule, weights, span, List.of(prefix.pass()), prefix.reader(shard));
  }

  /** B, the rows of a pass. */
  public int batch() {
    return batch;
  }

  /** The arrays to fill before {@link #forward}. */
  public Inputs inputs() {
    return inputs;
  }

  /** The prediction {@code [B, D]} for what {@link #inputs} holds; overwritten by the next call. */
  public INDArray forward() {
    forward.run();
    return prediction;
  }

  /**
   * The prediction as training sees it: with dropout, and clamped where configured.
   *
   * @param batchName names the dropout masks, with the shard's number
   */
  INDArray trainingForward(long batchName, int shard) {
    masks.draw(batchName, shard);
    forward.run();
    clamp.run();
    return output;
  }

  /**
   * Fills the self-conditioning of the next pass: for flagged rows the prediction made without it,
   * without dropout and with no condition dropped, through which no gradient flows; zeros for the
   * others (Chen et al. 2022, algorithm 1). Leaves the keep masks at 1.
   *
   * @param flags 1 or 0 {@code [B, 1]}
   */
  void conditionOnSelf(INDArray flags) {
    INDArray selfCond = inputs.selfCond();
    selfCond.assign(0);
    if (flags.maxNumber().doubleValue() == 0) {
      return;
    }
    inputs.keepText().assign(1);
    inputs.keepImage().assign(1);
    masks.rest();
    selfCond.assign(forward()).muliColumnVector(flags);
  }

  /** Predicts with the text and image that {@link #inputs} holds. */
  public Denoiser conditional() {
    return (x, t, x0) -> predict(x, t, x0, 1);
  }

  /** Predicts with both conditions dropped. */
  public Denoiser unconditional() {
    return (x, t, x0) -> predict(x, t, x0, 0);
  }

  private INDArray predict(INDArray x, int t, INDArray x0, int keep) {
    if (inputs.selfCond() != null) {
      inputs.selfCond().assign(x0);
    }
    inputs.noised().assign(x);
    inputs.times().assign(t);
    inputs.keepText().assign(keep);
    inputs.keepImage().assign(keep);
    return forward();
  }

  /**
   * Writes every parameter's gradient for the last pass, given that of what {@link
   * #trainingForward} returned, {@code [B, D]}.
   */
  void backward(INDArray gradient) {
    dOutput.assign(gradient);
    backward.run();
  }
}
