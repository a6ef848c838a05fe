package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The n tokens of one embedding: the embedding itself for n = 1, a biased linear layer D to n*D
 * otherwise. Dropped rows take the learned null embedding instead.
 */
final class EmbeddingTokens implements Token {
  private final Buffers buffers;
  private final INDArray embedding;
  private final INDArray keep;
  private final INDArray drop;
  private final int count;
  private final Weights.Tensor weight;
  private final Weights.Tensor bias;
  private final Weights.Tensor nulls;

  /**
   * @param layer the linear layer's name
   * @param nulls one null row for each token, or one for all of them
   */
  EmbeddingTokens(
      Buffers buffers,
      Weights weights,
      INDArray embedding,
      INDArray keep,
      int count,
      String layer,
      String nulls) {
    long dim = embedding.size(1);
    this.buffers = buffers;
    this.embedding = embedding;
    this.keep = keep;
    this.drop = buffers.own(embedding.size(0), 1);
    this.count = count;
    this.weight = count > 1 ? weights.tensor(layer + ".weight") : null;
    this.bias = count > 1 ? weights.tensor(layer + ".bias").reshape(1, count * dim) : null;
    Weights.Tensor all = weights.tensor(nulls);
    this.nulls = all.reshape(1, all.value().length());
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    program.scale(keep, -1, drop);
    program.addScalar(drop, 1, drop);
    INDArray embedded = embedding;
    if (count > 1) {
      embedded = buffers.scratch("embedded", tokens.shape());
      program.matmul(ABT, embedding, weight.value(), embedded);
      program.add(embedded, bias.value(), embedded);
    }
    program.multiply(embedded, keep, tokens);
    for (INDArray part : nullParts(tokens)) {
      program.addMatmul(AB, drop, nulls.value(), part);
    }
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    double earlier = 0;
    for (INDArray part : nullParts(dTokens)) {
      program.matmul(ATB, 1, drop, part, earlier, nulls.gradient());
      earlier = 1;
    }
    if (count > 1) {
      INDArray kept = buffers.scratch("embedded", dTokens.shape());
      program.multiply(dTokens, keep, kept);
      program.matmul(ATB, kept, embedding, weight.gradient());
      program.matmul(AB, buffers.constant(1, 1, kept.size(0)), kept, bias.gradient());
    }
  }

  /**
   * The windows that each take all null rows: one, or one for each token that shares a single row.
   */
  private INDArray[] nullParts(INDArray tokens) {
    long width = nulls.value().length();
    INDArray[] parts = new INDArray[Math.toIntExact(tokens.size(1) / width)];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Windows.columns(tokens, i * width, (i + 1) * width);
    }
    return parts;
  }
}
