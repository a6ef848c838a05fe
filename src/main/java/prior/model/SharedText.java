package prior.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.model.Transformer.Readout;

/**
 * The conditions, text and attributes, of a shard's pairs in training with several noise draws for
 * each pair: nothing of it depends on the draw, so it is computed once, and its gradient is the sum
 * over the draws that looked at it.
 */
final class SharedText {
  private final Pass pass;
  private final DropoutMasks masks;
  private final INDArray gradient;
  private final LayerHooks hooks;
  private final Program forward = new Program();
  private final Program backward = new Program();

  /**
   * @param prefix the text rows where all pairs share them, else null
   * @param shard the number of the shard among those that share the prefix
   */
  SharedText(
      Dalle2Shape shape,
      TrainingRule rule,
      INDArray values,
      int pairs,
      SharedPrefix prefix,
      int shard) {
    Buffers buffers = new Buffers(values.dataType(), Buffers.Purpose.TRAINING);
    this.gradient = values.like();
    this.masks = new DropoutMasks(buffers, rule.dropout());
    this.hooks = prefix == null ? LayerHooks.NONE : prefix.reader(shard);
    Weights weights = new Weights(ParameterLayout.of(shape), values, gradient);
    Span span =
        prefix == null ? Span.conditions(shape, pairs) : Span.conditionsAfterTextRows(shape, pairs);
    List<Pass> earlier = prefix == null ? List.of() : List.of(prefix.pass());
    this.pass = new Pass(buffers, weights, shape, masks, span, earlier, Readout.KEYS);
  }

  /** Records its own passes, after its reader has been made. */
  void record() {
    pass.prepare(forward);
    pass.forward(forward, hooks);
    pass.backward(backward, null, hooks);
  }

  Pass pass() {
    return pass;
  }

  Inputs inputs() {
    return pass.inputs();
  }

  /** Its part of the batch's gradient; zero for parameters it does not use. */
  INDArray gradient() {
    return gradient;
  }

  /** Computes without dropout and with no text dropped, for a pass that conditions on itself. */
  void forwardUndropped() {
    inputs().keepText().assign(1);
    masks.rest();
    forward.run();
  }

  /** Computes with the masks of a batch. */
  void forward(long batchName, int shard) {
    masks.draw(batchName, shard);
    forward.run();
  }

  void backward() {
    backward.run();
  }
}
