package prior.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** diffusers' {@code PriorTransformer} over the whole sequence. */
final class UnclipNetwork implements Network {
  private final int batch;
  private final UnclipPass pass;
  private final Program forward = new Program();
  private final Program backward = new Program();
  private final DropoutMasks masks;
  private final INDArray prediction;
  private final INDArray dPrediction;

  UnclipNetwork(UnclipShape shape, TrainingRule rule, Weights weights, int batch) {
    this.batch = batch;
    Buffers buffers = Buffers.of(weights);
    this.masks = new DropoutMasks(buffers, rule.dropout());
    UnclipSpan whole = UnclipSpan.whole(shape, batch);
    this.pass =
        new UnclipPass(buffers, weights, shape, masks, whole, UnclipPass.Readout.LAST_TOKENS);
    UnclipHead head = new UnclipHead(buffers, weights, shape, batch);
    pass.mask(forward);
    INDArray last = pass.forward(forward);
    this.prediction = head.forward(forward, last);
    this.dPrediction = weights.training() ? buffers.own(batch, shape.outputDim()) : null;
    if (weights.training()) {
      INDArray dLast = buffers.own(last.shape());
      head.backward(backward, dPrediction, dLast);
      pass.backward(backward, dLast);
      leaveStatistics(weights);
    }
  }

  /** Mean and deviation of image embeddings are no result of training. */
  private void leaveStatistics(Weights weights) {
    for (String fixed : List.of("clip_mean", "clip_std")) {
      INDArray gradient = weights.tensor(fixed).gradient();
      backward.scale(gradient, 0, gradient);
    }
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public Inputs inputs() {
    return pass.inputs();
  }

  @Override
  public INDArray forward() {
    forward.run();
    return prediction;
  }

  @Override
  public INDArray trainingForward(long batchName, int shard) {
    masks.draw(batchName, shard);
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
