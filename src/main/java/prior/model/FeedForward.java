package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code x + W2 [norm] (value * silu(gate))} with {@code value, gate = W1 norm(x)}, over the rows
 * of an {@code [R, D]} matrix.
 */
final class FeedForward {
  private final Buffers buffers;
  private final LayerNorm norm;
  private final LayerNorm hiddenNorm;
  private final Weights.Tensor toValue;
  private final Weights.Tensor toGate;
  private final Weights.Tensor toOut;
  private final INDArray normed;
  private final INDArray value;
  private final INDArray halfGate;
  private final SwiGlu swiGlu;
  private final INDArray hidden;
  private final DropoutMask dropout;

  FeedForward(
      Buffers buffers,
      Weights weights,
      Dalle2Shape shape,
      DropoutMasks masks,
      int layer,
      long rows) {
    String prefix = ParameterLayout.feedForward(layer);
    int f = shape.ffInner();
    this.buffers = buffers;
    this.norm = new LayerNorm(buffers, weights.tensor(prefix + "0.g"), rows);
    Weights.Tensor toHidden = weights.tensor(prefix + "1.weight");
    this.toValue = toHidden.rows(0, f);
    this.toGate = toHidden.rows(f, 2L * f);
    this.hiddenNorm =
        shape.normformer() ? new LayerNorm(buffers, weights.tensor(prefix + "3.g"), rows) : null;
    this.toOut = weights.tensor(prefix + "5.weight");
    this.normed = buffers.keptApart("feed-forward normed", rows, shape.dim());
    this.value = buffers.kept("value", rows, f);
    this.halfGate = buffers.kept("half gate", rows, f);
    this.hidden = buffers.kept("hidden", rows, f);
    this.swiGlu = SwiGlu.of(buffers, value, halfGate, hidden);
    this.dropout = masks.feedForward(rows * f);
  }

  /** Adds the branch to x {@code [R, D]}, in place. */
  void forward(Program program, INDArray x) {
    norm.forward(program, x, normed);
    program.matmul(ABT, normed, toValue.value(), value);
    program.matmul(ABT, 0.5, normed, toGate.value(), 0, halfGate);
    swiGlu.forward(program);
    if (hiddenNorm != null) {
      hiddenNorm.forward(program, hidden, hidden);
    }
    dropout.apply(program, hidden, hidden);
    program.addMatmul(ABT, hidden, toOut.value(), x);
  }

  /** Adds the branch's gradient to dx {@code [R, D]}, in place. */
  void backward(Program program, INDArray dx) {
    INDArray dHidden = buffers.scratch("d hidden", hidden.shape());
    program.matmul(ATB, dx, hidden, toOut.gradient());
    program.matmul(AB, dx, toOut.value(), dHidden);
    dropout.apply(program, dHidden, dHidden);
    if (hiddenNorm != null) {
      hiddenNorm.backward(program, dHidden, dHidden);
    }
    INDArray dGate = buffers.scratch("d gate", hidden.shape());
    swiGlu.backward(program, dHidden, dGate);
    INDArray dNormed = buffers.scratch("d normed", normed.shape());
    program.matmul(ATB, dHidden, normed, toValue.gradient());
    program.matmul(ATB, 0.5, dGate, normed, 0, toGate.gradient());
    program.matmul(AB, dHidden, toValue.value(), dNormed);
    program.matmul(AB, 0.5, dGate, toGate.value(), 1, dNormed);
    norm.backward(program, dNormed, dNormed);
    program.add(dx, dNormed, dx);
  }
}
