package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A kind of input token: writes its columns of the token matrix and reads their gradient. */
interface Token {
  /** Tokens it contributes to each row. */
  int count();

  /** Writes the tokens into {@code [B, count * D]}, a window on the token matrix. */
  void forward(Program program, INDArray tokens);

  /** Writes its parameters' gradients from that of its tokens, {@code [B, count * D]}. */
  void backward(Program program, INDArray dTokens);
}
