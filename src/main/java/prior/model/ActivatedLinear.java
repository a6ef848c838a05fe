package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import prior.conf.UnclipConf.Activation;

/** A biased linear layer and its activation, over the rows of a kept input. */
interface ActivatedLinear {

  /** What {@link #forward} writes, {@code [R, out]}. */
  INDArray output();

  void forward(Program program);

  /** Turns the output's gradient into that of the linear layer, in place; writes the weights'. */
  void backward(Program program, INDArray dOutput);

  /** After {@link #backward}: writes the gradient of the input. */
  void inputGradient(Program program, INDArray dLinear, INDArray dIn);

  /** The layer with a configured activation. */
  static ActivatedLinear of(
      Activation activation, Buffers buffers, Weights weights, String name, INDArray input) {
    return switch (activation) {
      case SILU, SWISH -> new SiluLinear(buffers, weights, name, input);
      case GELU -> new GeluLinear(buffers, weights, name, input);
    };
  }
}
