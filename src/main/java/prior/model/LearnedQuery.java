package prior.model;

import static prior.model.Program.Form.AB;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The learned token whose output is the prediction, the same for every row. */
final class LearnedQuery implements Token {
  private final Buffers buffers;
  private final int batch;
  private final Weights.Tensor query;

  /**
   * @param name of the learned vector
   */
  LearnedQuery(Buffers buffers, Weights weights, String name, int batch) {
    this.buffers = buffers;
    this.batch = batch;
    Weights.Tensor vector = weights.tensor(name);
    this.query = vector.reshape(1, vector.value().length());
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    program.matmul(AB, buffers.constant(1, batch, 1), query.value(), tokens);
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    program.matmul(AB, buffers.constant(1, 1, batch), dTokens, query.gradient());
  }
}
