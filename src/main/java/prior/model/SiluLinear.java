package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A biased linear layer and its SiLU, over the rows of a kept input. */
final class SiluLinear {
  private final Buffers buffers;
  private final Linear linear;
  private final INDArray output;
  private final Silu silu;

  SiluLinear(Buffers buffers, Weights weights, String name, INDArray input) {
    this.buffers = buffers;
    this.linear = new Linear(buffers, weights, name, input);
    this.output = buffers.own(input.size(0), linear.out());
    this.silu = new Silu(buffers, output);
  }

  /** What {@link #forward} writes, {@code [R, out]}. */
  INDArray output() {
    return output;
  }

  void forward(Program program) {
    linear.forward(program, 0.5, output);
    silu.forward(program);
  }

  /** Turns the output's gradient into that of the linear layer, in place; writes the weights'. */
  void backward(Program program, INDArray dOutput) {
    INDArray slope = buffers.scratch("silu slope", output.shape());
    silu.twiceSlope(program, slope);
    program.multiply(dOutput, slope, dOutput);
    program.scale(dOutput, 0.5, dOutput);
    linear.backward(program, dOutput);
  }

  /** After {@link #backward}: writes the gradient of the input. */
  void inputGradient(Program program, INDArray dLinear, INDArray dIn) {
    linear.inputGradient(program, dLinear, dIn);
  }
}
