package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The stack of blocks over a span. Only the last token is read from it, so the last block computes
 * queries and feed-forward for that token alone, and for none where only keys and values are wanted
 * by later spans; keys and values still come from all tokens.
 */
final class Transformer {

  /** What is read from the stack. */
  enum Readout {
    LAST_TOKEN,
    /** Nothing but every layer's keys and values. */
    KEYS
  }

  private final Span span;
  private final Readout readout;
  private final long dim;
  private final LayerNorm initNorm;
  private final PositionBias bias;
  private final List<Attention> attentions = new ArrayList<>();
  private final List<FeedForward> feedForwards = new ArrayList<>();
  private final INDArray last;

  /**
   * @param padding see {@link KeyValues}
   * @param earlier the stacks over the spans before this one, in the order of the sequence
   */
  Transformer(
      Buffers buffers,
      Weights weights,
      Dalle2Shape shape,
      DropoutMasks masks,
      Span span,
      INDArray padding,
      List<Transformer> earlier,
      Readout readout) {
    this.span = span;
    this.readout = readout;
    this.dim = shape.dim();
    this.last = buffers.own(span.rows(), dim);
    this.initNorm =
        shape.normIn()
            ? new LayerNorm(
                buffers, weights.tensor(ParameterLayout.transformer("init_norm.g")), span.tokens())
            : null;
    this.bias = new PositionBias(buffers, weights, shape, span);
    Positions positions = new Positions(bias, new Rotary(buffers, shape));
    for (int layer = 0; layer < shape.depth(); layer++) {
      int queries = queries(layer, shape.depth());
      KeyValues own =
          KeyValues.allocate(
              buffers,
              span,
              shape.dimHead(),
              readout == Readout.KEYS ? KeyValues.Reach.LATER_SPANS : KeyValues.Reach.OWN_SPAN,
              padding);
      List<KeyValues> before = new ArrayList<>();
      for (Transformer stack : earlier) {
        before.add(stack.attentions.get(layer).keyValues().readBy(buffers));
      }
      attentions.add(
          new Attention(buffers, weights, shape, positions, masks, layer, before, own, queries));
      if (queries > 0) {
        feedForwards.add(
            new FeedForward(buffers, weights, shape, masks, layer, (long) span.rows() * queries));
      }
    }
  }

  private int queries(int layer, int depth) {
    if (layer < depth - 1) {
      return span.length();
    }
    return readout == Readout.KEYS ? 0 : 1;
  }

  /** Computes what depends on parameters alone. */
  void prepare(Program program) {
    bias.forward(program);
  }

  /**
   * The last token {@code [B, D]} after all blocks, meaningless where only keys are read; x {@code
   * [B*N, D]} is used up.
   */
  INDArray forward(Program program, INDArray x, LayerHooks hooks) {
    if (initNorm != null) {
      initNorm.forward(program, x, x);
    }
    int top = attentions.size() - 1;
    for (int layer = 0; layer < top; layer++) {
      projectKeys(program, x, layer, hooks);
      attentions.get(layer).attend(program, x);
      feedForwards.get(layer).forward(program, x);
    }
    projectKeys(program, x, top, hooks);
    if (readout == Readout.LAST_TOKEN) {
      program.copy(lastTokens(x), last);
      attentions.get(top).attend(program, last);
      feedForwards.get(top).forward(program, last);
    }
    return last;
  }

  private void projectKeys(Program program, INDArray x, int layer, LayerHooks hooks) {
    attentions.get(layer).projectKeys(program, x);
    hooks.afterKeys(program, layer);
  }

  /**
   * Writes the gradient of the tokens, {@code [B*N, D]}, from that of the last one, which is used
   * up, and those of the keys and values that later spans looked at.
   *
   * @param dLast not looked at where only keys are read
   */
  void backward(Program program, INDArray dLast, INDArray dx, LayerHooks hooks) {
    int top = attentions.size() - 1;
    bias.clearGradient(program);
    program.scale(dx, 0, dx);
    if (readout == Readout.LAST_TOKEN) {
      feedForwards.get(top).backward(program, dLast);
      program.copy(dLast, lastTokens(dx));
    }
    hooks.beforeBackward(program, top);
    attentions.get(top).backward(program, dLast, dx);
    hooks.afterBackward(program, top);
    for (int layer = top - 1; layer >= 0; layer--) {
      hooks.beforeBackward(program, layer);
      feedForwards.get(layer).backward(program, dx);
      attentions.get(layer).backward(program, dx, dx);
      hooks.afterBackward(program, layer);
    }
    bias.backward(program);
    if (initNorm != null) {
      initNorm.backward(program, dx, dx);
    }
  }

  private INDArray lastTokens(INDArray x) {
    long tokens = span.length();
    INDArray perRow = x.reshape('c', span.rows(), tokens * dim);
    return Windows.columns(perRow, (tokens - 1) * dim, tokens * dim);
  }
}
