package prior.model;

import static prior.model.Program.Form.AB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The token of one attribute: the learned null row, and what the value adds to it where there is
 * one and it is not dropped.
 */
final class AttributeToken implements Token {
  private final Buffers buffers;
  private final INDArray given;
  private final INDArray value;
  private final INDArray keep;
  private final Weights.Tensor nothing;
  private final Embedding embedding;

  /**
   * @param given the attribute's columns of the input, {@code [B, width + 1]}, see {@link
   *     AttributeShape#columns}
   */
  AttributeToken(Buffers buffers, Weights weights, AttributeShape shape, INDArray given) {
    this.buffers = buffers;
    this.given = given;
    this.value = buffers.own(given.size(0), shape.width());
    this.keep = buffers.own(given.size(0), 1);
    this.nothing = weights.tensor(shape.parameter("null"));
    this.embedding = shape.embedding(buffers, weights, value);
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    long width = value.size(1);
    program.copy(Windows.columns(given, 0, width), value);
    program.copy(Windows.columns(given, width, width + 1), keep);
    INDArray embedded = buffers.scratch("attribute", tokens.shape());
    embedding.forward(program, embedded);
    program.multiply(embedded, keep, embedded);
    program.matmul(AB, buffers.constant(1, given.size(0), 1), nothing.value(), tokens);
    program.add(tokens, embedded, tokens);
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    program.matmul(AB, buffers.constant(1, 1, given.size(0)), dTokens, nothing.gradient());
    INDArray kept = buffers.scratch("attribute", dTokens.shape());
    program.multiply(dTokens, keep, kept);
    embedding.backward(program, kept);
  }
}
