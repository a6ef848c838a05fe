package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** With {@link Silu}. */
final class SiluLinear implements ActivatedLinear {
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

  @Override
  public INDArray output() {
    return output;
  }

  @Override
  public void forward(Program program) {
    linear.forward(program, 0.5, output);
    silu.forward(program);
  }

  @Override
  public void backward(Program program, INDArray dOutput) {
    INDArray slope = buffers.scratch("silu slope", output.shape());
    silu.twiceSlope(program, slope);
    program.multiply(dOutput, slope, dOutput);
    program.scale(dOutput, 0.5, dOutput);
    linear.backward(program, dOutput);
  }

  @Override
  public void inputGradient(Program program, INDArray dLinear, INDArray dIn) {
    linear.inputGradient(program, dLinear, dIn);
  }
}
