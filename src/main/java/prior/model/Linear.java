package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A biased linear layer {@code y = x W^T + b} over the rows of a kept input {@code [R, in]}. */
final class Linear implements Embedding {
  private final Buffers buffers;
  private final Weights.Tensor weight;
  private final Weights.Tensor bias;
  private final INDArray input;

  /**
   * @param name of {@code name.weight} {@code [out, in]} and {@code name.bias}
   */
  Linear(Buffers buffers, Weights weights, String name, INDArray input) {
    this.buffers = buffers;
    this.weight = weights.tensor(name + ".weight");
    this.bias = weights.tensor(name + ".bias").reshape(1, weight.value().size(0));
    this.input = input;
  }

  /** Width of the output. */
  long out() {
    return weight.value().size(0);
  }

  /** {@code into = y}. */
  @Override
  public void forward(Program program, INDArray into) {
    program.matmul(ABT, input, weight.value(), into);
    program.add(into, bias.value(), into);
  }

  /** {@code into = factor y}. */
  void forward(Program program, double factor, INDArray into) {
    program.matmul(ABT, factor, input, weight.value(), 0, into);
    program.matmul(AB, factor, buffers.constant(1, input.size(0), 1), bias.value(), 1, into);
  }

  /** {@code into += y}. */
  void addForward(Program program, INDArray into) {
    program.addMatmul(ABT, input, weight.value(), into);
    program.add(into, bias.value(), into);
  }

  /** Writes the gradients of weight and bias. */
  @Override
  public void backward(Program program, INDArray dOut) {
    program.matmul(ATB, dOut, input, weight.gradient());
    program.matmul(AB, buffers.constant(1, 1, input.size(0)), dOut, bias.gradient());
  }

  /**
   * As {@link #backward} where the bias shifts what follows alike and does not count: its gradient
   * is zero, not the rounding errors of a sum.
   */
  void backwardOfShift(Program program, INDArray dOut) {
    program.matmul(ATB, dOut, input, weight.gradient());
    program.scale(bias.gradient(), 0, bias.gradient());
  }

  /** Writes the gradient of the input. */
  void inputGradient(Program program, INDArray dOut, INDArray dIn) {
    program.matmul(AB, dOut, weight.value(), dIn);
  }

  /** Adds to the gradient of the input. */
  void addInputGradient(Program program, INDArray dOut, INDArray dIn) {
    program.addMatmul(AB, dOut, weight.value(), dIn);
  }
}
