package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** With {@link Gelu}. */
final class GeluLinear implements ActivatedLinear {
  private final Linear linear;
  private final INDArray hidden;
  private final INDArray output;
  private final Gelu gelu;

  GeluLinear(Buffers buffers, Weights weights, String name, INDArray input) {
    this.linear = new Linear(buffers, weights, name, input);
    this.hidden = buffers.kept("hidden", input.size(0), linear.out());
    this.output = buffers.kept("activated", input.size(0), linear.out());
    this.gelu = Gelu.of(buffers, hidden, output);
  }

  @Override
  public INDArray output() {
    return output;
  }

  @Override
  public void forward(Program program) {
    linear.forward(program, hidden);
    gelu.forward(program);
  }

  @Override
  public void backward(Program program, INDArray dOutput) {
    gelu.backward(program, dOutput);
    linear.backward(program, dOutput);
  }

  @Override
  public void inputGradient(Program program, INDArray dLinear, INDArray dIn) {
    linear.inputGradient(program, dLinear, dIn);
  }
}
