package prior.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.model.Parameter.Start;

/** A linear layer and a norm over the rows of a kept input: from an encoder's width to D. */
final class NormedProjection implements Embedding {
  private final Buffers buffers;
  private final Linear linear;
  private final LayerNorm norm;

  /**
   * @param name of the parameters {@code name.0.weight} {@code [D, in]}, {@code name.0.bias} and
   *     {@code name.1.g}
   * @param input {@code [R, in]}
   */
  NormedProjection(Buffers buffers, Weights weights, String name, INDArray input) {
    this.buffers = buffers;
    this.linear = new Linear(buffers, weights, name + ".0", input);
    this.norm = new LayerNorm(buffers, weights.tensor(name + ".1.g"), input.size(0));
  }

  static void addTo(ParameterLayout layout, String name, long out, long in) {
    layout.addLinear(name + ".0", out, in);
    layout.add(name + ".1.g", Start.ONES, out);
  }

  /** The gradients of its parameters, for where it is not computed. */
  static List<INDArray> gradients(Weights weights, String name) {
    return List.of(
        weights.tensor(name + ".0.weight").gradient(),
        weights.tensor(name + ".0.bias").gradient(),
        weights.tensor(name + ".1.g").gradient());
  }

  @Override
  public void forward(Program program, INDArray into) {
    linear.forward(program, into);
    norm.forward(program, into, into);
  }

  @Override
  public void backward(Program program, INDArray dOut) {
    INDArray dLinear = buffers.scratch("d projected", dOut.shape());
    norm.backward(program, dOut, dLinear);
    linear.backward(program, dLinear);
  }
}
