package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The stack of blocks. Only the last token is read from it, so the last block computes queries and
 * feed-forward for that token alone; keys and values still come from all of them.
 */
final class Transformer {
  private final LayerNorm initNorm;
  private final PositionBias bias;
  private final List<Attention> attentions = new ArrayList<>();
  private final List<FeedForward> feedForwards = new ArrayList<>();
  private final long batch;
  private final long tokens;
  private final long dim;
  private final INDArray last;

  Transformer(Buffers buffers, Weights weights, Dalle2Shape shape, DropoutMasks masks, int batch) {
    this.batch = batch;
    this.tokens = shape.tokens();
    this.dim = shape.dim();
    this.last = buffers.own(batch, dim);
    this.initNorm =
        shape.normIn()
            ? new LayerNorm(
                buffers, weights.tensor(ParameterLayout.transformer("init_norm.g")), batch * tokens)
            : null;
    this.bias = new PositionBias(buffers, weights, shape);
    Positions positions = new Positions(bias, new Rotary(buffers, shape));
    for (int layer = 0; layer < shape.depth(); layer++) {
      int queries = layer == shape.depth() - 1 ? 1 : shape.tokens();
      attentions.add(
          new Attention(buffers, weights, shape, positions, masks, layer, batch, queries));
      feedForwards.add(
          new FeedForward(buffers, weights, shape, masks, layer, (long) batch * queries));
    }
  }

  /** The last token {@code [B, D]} after all blocks; x {@code [B*N, D]} is used up. */
  INDArray forward(Program program, INDArray x) {
    if (initNorm != null) {
      initNorm.forward(program, x, x);
    }
    bias.forward(program);
    for (int layer = 0; layer < attentions.size() - 1; layer++) {
      attentions.get(layer).forward(program, x, x);
      feedForwards.get(layer).forward(program, x);
    }
    program.copy(lastTokens(x), last);
    attentions.get(attentions.size() - 1).forward(program, x, last);
    feedForwards.get(feedForwards.size() - 1).forward(program, last);
    return last;
  }

  /**
   * Writes the gradient of the tokens, {@code [B*N, D]}, from that of the last one, which is used
   * up.
   */
  void backward(Program program, INDArray dLast, INDArray dx) {
    bias.clearGradient(program);
    feedForwards.get(feedForwards.size() - 1).backward(program, dLast);
    program.scale(dx, 0, dx);
    program.copy(dLast, lastTokens(dx));
    attentions.get(attentions.size() - 1).backward(program, dLast, dx);
    for (int layer = attentions.size() - 2; layer >= 0; layer--) {
      feedForwards.get(layer).backward(program, dx);
      attentions.get(layer).backward(program, dx, dx);
    }
    bias.backward(program);
    if (initNorm != null) {
      initNorm.backward(program, dx, dx);
    }
  }

  private INDArray lastTokens(INDArray x) {
    INDArray perRow = x.reshape('c', batch, tokens * dim);
    return Windows.columns(perRow, (tokens - 1) * dim, tokens * dim);
  }
}
