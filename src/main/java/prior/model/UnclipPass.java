package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.conf.UnclipConf.NormType;

/**
 * What diffusers' network computes for a span of the sequence: tokens, then the stack of blocks.
 * Only the last Q tokens are read, so the last block computes queries and feed-forward for them
 * alone; none where only keys and values are wanted by later spans.
 */
final class UnclipPass {

  /** What is read from the stack. */
  enum Readout {
    LAST_TOKENS,
    /** Nothing but every layer's keys and values. */
    KEYS
  }

  private final UnclipShape shape;
  private final UnclipSpan span;
  private final Readout readout;
  private final Inputs inputs;
  private final UnclipTokens tokens;
  private final UnclipMask mask;
  private final LayerNorm normIn;
  private final List<UnclipKeys> keys = new ArrayList<>();
  private final List<UnclipAttention> attentions = new ArrayList<>();
  private final List<UnclipFeedForward> feedForwards = new ArrayList<>();
  private final INDArray x;
  private final INDArray last;

  UnclipPass(
      Buffers buffers,
      Weights weights,
      UnclipShape shape,
      DropoutMasks masks,
      UnclipSpan span,
      Readout readout) {
    this.shape = shape;
    this.span = span;
    this.readout = readout;
    this.inputs = Inputs.allocate(buffers, shape, span.rows());
    this.tokens = new UnclipTokens(buffers, weights, shape, inputs, span);
    this.mask = new UnclipMask(buffers, shape, inputs, span);
    this.normIn =
        shape.conf().normInType() == NormType.LAYER
            ? LayerNorm.biased(buffers, weights, "norm_in", span.tokens())
            : null;
    this.x = buffers.own(span.tokens(), shape.inner());
    this.last = buffers.own((long) span.rows() * shape.outputTokens(), shape.inner());
    addBlocks(buffers, weights, masks);
  }

  private void addBlocks(Buffers buffers, Weights weights, DropoutMasks masks) {
    int depth = shape.conf().numLayers();
    for (int layer = 0; layer < depth; layer++) {
      boolean top = layer == depth - 1;
      int queries = top ? shape.outputTokens() : span.length();
      UnclipKeys own = UnclipKeys.allocate(buffers, shape, span);
      keys.add(own);
      attentions.add(
          new UnclipAttention(buffers, weights, shape, mask, masks, layer, own, queries));
      long rows = (long) span.rows() * queries;
      feedForwards.add(new UnclipFeedForward(buffers, weights, shape, masks, layer, rows));
    }
  }

  Inputs inputs() {
    return inputs;
  }

  /** Takes over the keys and values of the span before. */
  void continueFrom(Program program, UnclipPass earlier) {
    for (int layer = 0; layer < keys.size(); layer++) {
      keys.get(layer).copyFrom(program, earlier.keys.get(layer));
    }
  }

  /** Fills the mask from the inputs. */
  void mask(Program program) {
    mask.forward(program);
  }

  /** The last tokens {@code [B*Q, D]}, meaningless where only keys are read. */
  INDArray forward(Program program) {
    tokens.forward(program, perRow(x));
    if (normIn != null) {
      normIn.forward(program, x, x);
    }
    int top = attentions.size() - 1;
    for (int layer = 0; layer < top; layer++) {
      attentions.get(layer).forward(program, x, x);
      feedForwards.get(layer).forward(program, x);
    }
    switch (readout) {
      case KEYS -> attentions.get(top).readKeys(program, x);
      case LAST_TOKENS -> {
        program.copy(lastTokens(), perRow(last));
        attentions.get(top).forward(program, x, last);
        feedForwards.get(top).forward(program, last);
      }
    }
    return last;
  }

  /**
   * Writes the gradients of all parameters from that of the last tokens, {@code [B*Q, D]}, which is
   * used up; for the span of the whole sequence.
   */
  void backward(Program program, INDArray dLast) {
    int top = attentions.size() - 1;
    feedForwards.get(top).backward(program, dLast);
    program.scale(x, 0, x);
    program.copy(perRow(dLast), lastTokens());
    attentions.get(top).backward(program, dLast, x);
    for (int layer = top - 1; layer >= 0; layer--) {
      feedForwards.get(layer).backward(program, x);
      attentions.get(layer).backward(program, x, x);
    }
    if (normIn != null) {
      normIn.backward(program, x, x);
    }
    tokens.backward(program, perRow(x));
  }

  private INDArray lastTokens() {
    long dim = shape.inner();
    long from = (span.length() - shape.outputTokens()) * dim;
    return Windows.columns(perRow(x), from, span.length() * dim);
  }

  private INDArray perRow(INDArray array) {
    return array.reshape('c', span.rows(), array.length() / span.rows());
  }
}
