package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A learned function of kept inputs of which no gradient is wanted. */
interface Embedding {
  /** Writes its value, {@code [B, D]}. */
  void forward(Program program, INDArray into);

  /** Writes its parameters' gradients from that of its value, which may be used up. */
  void backward(Program program, INDArray dOut);
}
