package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.conf.UnclipConf.NormType;

/**
 * diffusers' {@code PriorTransformer}. Only the last Q tokens are read, so the last block computes
 * queries and feed-forward for them alone.
 */
final class UnclipNetwork implements Network {
  private final int batch;
  private final Inputs inputs;
  private final Program forward = new Program();
  private final Program backward = new Program();
  private final List<UnclipAttention> attentions = new ArrayList<>();
  private final List<UnclipFeedForward> feedForwards = new ArrayList<>();
  private final LayerNorm normIn;
  private final LayerNorm normOut;
  private final INDArray x;
  private final INDArray last;
  private final INDArray normed;
  private final Linear head;
  private final INDArray prediction;
  private final INDArray dPrediction;

  UnclipNetwork(UnclipShape shape, Weights weights, int batch) {
    this.batch = batch;
    Buffers buffers = Buffers.of(weights);
    this.inputs = Inputs.allocate(buffers, shape, batch);
    UnclipTokens tokens = new UnclipTokens(buffers, weights, shape, inputs);
    UnclipMask mask = new UnclipMask(buffers, shape, inputs);
    long rows = (long) batch * shape.tokens();
    long lastRows = (long) batch * shape.outputTokens();
    this.x = buffers.own(rows, shape.inner());
    this.last = buffers.own(lastRows, shape.inner());
    this.normIn =
        shape.conf().normInType() == NormType.LAYER
            ? LayerNorm.biased(buffers, weights, "norm_in", rows)
            : null;
    addBlocks(buffers, weights, shape, mask);
    this.normOut = LayerNorm.biased(buffers, weights, "norm_out", lastRows);
    this.normed = buffers.own(lastRows, shape.inner());
    this.head = new Linear(buffers, weights, "proj_to_clip_embeddings", normed);
    this.prediction = buffers.own(batch, shape.outputDim());
    this.dPrediction = weights.training() ? buffers.own(batch, shape.outputDim()) : null;
    tokens.forward(forward, perRow(x));
    mask.forward(forward);
    forwardFromTokens(shape);
    if (weights.training()) {
      backwardToTokens(buffers, shape);
      tokens.backward(backward, perRow(x));
      leaveStatistics(weights);
    }
  }

  private void addBlocks(Buffers buffers, Weights weights, UnclipShape shape, UnclipMask mask) {
    int depth = shape.conf().numLayers();
    for (int layer = 0; layer < depth; layer++) {
      int queries = layer == depth - 1 ? shape.outputTokens() : shape.tokens();
      attentions.add(new UnclipAttention(buffers, weights, shape, mask, layer, batch, queries));
      feedForwards.add(
          new UnclipFeedForward(buffers, weights, shape, layer, (long) batch * queries));
    }
  }

  private void forwardFromTokens(UnclipShape shape) {
    if (normIn != null) {
      normIn.forward(forward, x, x);
    }
    int lastLayer = attentions.size() - 1;
    for (int layer = 0; layer < lastLayer; layer++) {
      attentions.get(layer).forward(forward, x, x);
      feedForwards.get(layer).forward(forward, x);
    }
    forward.copy(lastTokens(x, shape), perRow(last));
    attentions.get(lastLayer).forward(forward, x, last);
    feedForwards.get(lastLayer).forward(forward, last);
    normOut.forward(forward, last, normed);
    head.forward(forward, perToken(prediction));
  }

  /** Leaves the gradient of the tokens in x. */
  private void backwardToTokens(Buffers buffers, UnclipShape shape) {
    INDArray dLast = buffers.own(last.shape());
    head.backward(backward, perToken(dPrediction));
    head.inputGradient(backward, perToken(dPrediction), dLast);
    normOut.backward(backward, dLast, dLast);
    int lastLayer = attentions.size() - 1;
    feedForwards.get(lastLayer).backward(backward, dLast);
    backward.scale(x, 0, x);
    backward.copy(perRow(dLast), lastTokens(x, shape));
    attentions.get(lastLayer).backward(backward, dLast, x);
    for (int layer = lastLayer - 1; layer >= 0; layer--) {
      feedForwards.get(layer).backward(backward, x);
      attentions.get(layer).backward(backward, x, x);
    }
    if (normIn != null) {
      normIn.backward(backward, x, x);
    }
  }

  /** Mean and deviation of image embeddings are no result of training. */
  private void leaveStatistics(Weights weights) {
    for (String fixed : List.of("clip_mean", "clip_std")) {
      INDArray gradient = weights.tensor(fixed).gradient();
      backward.scale(gradient, 0, gradient);
    }
  }

  private INDArray lastTokens(INDArray all, UnclipShape shape) {
    long dim = shape.inner();
    long from = (shape.tokens() - shape.outputTokens()) * dim;
    return Windows.columns(perRow(all), from, shape.tokens() * dim);
  }

  private INDArray perRow(INDArray array) {
    return array.reshape('c', batch, array.length() / batch);
  }

  private INDArray perToken(INDArray array) {
    return array.reshape('c', last.size(0), array.length() / last.size(0));
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

  /** This family is trained without dropout. */
  @Override
  public INDArray trainingForward(long batchName) {
    return forward();
  }

  @Override
  public void conditionOnSelf(INDArray flags) {
    throw new UnsupportedOperationException("This family does not condition on estimates");
  }

  @Override
  public void backward(INDArray gradient) {
    dPrediction.assign(gradient);
    backward.run();
  }
}
