package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code x + W2 gelu(W1 norm(x))} over the rows of an {@code [R, D]} matrix. */
final class UnclipFeedForward {
  private final Buffers buffers;
  private final LayerNorm norm;
  private final INDArray normed;
  private final GeluLinear toHidden;
  private final DropoutMask dropout;
  private final Linear toOut;

  UnclipFeedForward(
      Buffers buffers,
      Weights weights,
      UnclipShape shape,
      DropoutMasks masks,
      int layer,
      long rows) {
    String prefix = UnclipLayout.block(layer);
    this.buffers = buffers;
    this.norm = LayerNorm.biased(buffers, weights, prefix + "norm3", rows);
    this.normed = buffers.kept("feed-forward normed", rows, shape.inner());
    this.toHidden = new GeluLinear(buffers, weights, prefix + "ff.net.0.proj", normed);
    this.dropout = masks.feedForward(toHidden.output().length());
    this.toOut = new Linear(buffers, weights, prefix + "ff.net.2", toHidden.output());
  }

  /** Adds the branch to x {@code [R, D]}, in place. */
  void forward(Program program, INDArray x) {
    norm.forward(program, x, normed);
    toHidden.forward(program);
    dropout.apply(program, toHidden.output(), toHidden.output());
    toOut.addForward(program, x);
  }

  /** Adds the branch's gradient to dx {@code [R, D]}, in place. */
  void backward(Program program, INDArray dx) {
    INDArray dHidden = buffers.scratch("d hidden", toHidden.output().shape());
    INDArray dNormed = buffers.scratch("d normed", normed.shape());
    toOut.backward(program, dx);
    toOut.inputGradient(program, dx, dHidden);
    dropout.apply(program, dHidden, dHidden);
    toHidden.backward(program, dHidden);
    toHidden.inputGradient(program, dHidden, dNormed);
    norm.backward(program, dNormed, dNormed);
    program.add(dx, dNormed, dx);
  }
}
