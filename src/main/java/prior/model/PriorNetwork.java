package prior.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.model.Transformer.Readout;

/** DALLE2-pytorch's network (DALL-E 2, section 2.2). */
final class PriorNetwork implements Network {
  private final int batch;
  private final Inputs inputs;
  private final Program forward = new Program();
  private final Program backward = new Program();
  private final Program clamp = new Program();
  private final DropoutMasks masks;
  private final INDArray prediction;
  private final INDArray output;
  private final INDArray dOutput;

  PriorNetwork(Dalle2Shape shape, TrainingRule rule, Weights weights, int batch) {
    this(shape, rule, weights, Span.whole(shape, batch), List.of(), LayerHooks.NONE);
  }

  /**
   * A network that differentiates and leaves the text rows to a prefix shared with others.
   *
   * @param shard its number among those
   */
  PriorNetwork(
      Dalle2Shape shape,
      TrainingRule rule,
      Weights weights,
      int batch,
      SharedPrefix prefix,
      int shard) {
    this(
        shape,
        rule,
        weights,
        Span.afterTextRows(shape, batch),
        List.of(prefix.pass()),
        prefix.reader(shard));
  }

  /**
   * A network that differentiates several draws for each of some pairs and leaves their text to a
   * pass of its own.
   *
   * @param batch rows of draws, a multiple of the pairs
   * @param prefix the text rows where all pairs share them, else null
   */
  PriorNetwork(
      Dalle2Shape shape,
      TrainingRule rule,
      Weights weights,
      int batch,
      SharedPrefix prefix,
      SharedText text) {
    this(
        shape,
        rule,
        weights,
        Span.step(shape, batch),
        prefix == null ? List.of(text.pass()) : List.of(prefix.pass(), text.pass()),
        LayerHooks.NONE);
  }

  private PriorNetwork(
      Dalle2Shape shape,
      TrainingRule rule,
      Weights weights,
      Span span,
      List<Pass> earlier,
      LayerHooks hooks) {
    this.batch = span.rows();
    Buffers buffers = Buffers.of(weights);
    this.masks = new DropoutMasks(buffers, rule.dropout());
    Pass pass = new Pass(buffers, weights, shape, masks, span, earlier, Readout.LAST_TOKEN);
    Head head = new Head(buffers, weights, shape, batch);
    this.inputs = pass.inputs();
    pass.prepare(forward);
    this.prediction = head.forward(forward, pass.forward(forward, hooks));
    OutputClamp bound =
        rule.clampLength() == 0
            ? null
            : new OutputClamp(buffers, rule.clampLength(), batch, shape.imageDim());
    this.output = bound == null ? prediction : bound.forward(clamp, prediction);
    this.dOutput = weights.training() ? buffers.own(batch, shape.imageDim()) : null;
    if (weights.training()) {
      INDArray dLast = buffers.own(batch, shape.dim());
      if (bound != null) {
        bound.backward(backward, dOutput);
      }
      head.backward(backward, dOutput, dLast);
      pass.backward(backward, dLast, hooks);
    }
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public Inputs inputs() {
    return inputs;
  }

  @Override
  public INDArray forward() {
    forward.run();
    return prediction;
  }

  @Override
  public INDArray trainingForward(long batchName, int shard) {
    masks.draw(batchName, shard);
    forward.run();
    clamp.run();
    return output;
  }

  @Override
  public void conditionOnSelf(INDArray flags) {
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

  @Override
  public void backward(INDArray gradient) {
    dOutput.assign(gradient);
    backward.run();
  }
}
