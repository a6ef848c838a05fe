package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

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
    this.batch = batch;
    Buffers buffers = Buffers.of(weights);
    this.inputs = Inputs.allocate(buffers, shape, batch);
    TokenAssembly assembly = new TokenAssembly(buffers, weights, shape, inputs);
    this.masks = new DropoutMasks(buffers, rule.dropout());
    Transformer transformer = new Transformer(buffers, weights, shape, masks, batch);
    Head head = new Head(buffers, weights, shape, batch);
    INDArray x = buffers.own((long) batch * shape.tokens(), shape.dim());
    INDArray perRow = x.reshape('c', batch, (long) shape.tokens() * shape.dim());
    assembly.forward(forward, perRow);
    INDArray last = transformer.forward(forward, x);
    this.prediction = head.forward(forward, last);
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
      transformer.backward(backward, dLast, x);
      assembly.backward(backward, perRow);
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
  public INDArray trainingForward(long batchName) {
    masks.draw(batchName);
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
