package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tokens made from vectors of the data: each through a layer norm, where there is one, and a linear
 * layer, where there is one; vectors of dropped rows count as zeros.
 */
final class ProjectedTokens implements Token {
  private final INDArray given;
  private final INDArray keep;
  private final INDArray kept;
  private final INDArray normed;
  private final LayerNorm norm;
  private final Linear linear;
  private final INDArray projected;
  private final int count;

  /** The names of a layer norm and a linear layer; null for none. */
  record Layers(String norm, String linear) {}

  /**
   * @param given {@code [B, count * in]}
   * @param keep 1 to keep a row, 0 to drop it {@code [B, 1]}; null where all are kept
   */
  ProjectedTokens(
      Buffers buffers, Weights weights, Layers layers, INDArray given, INDArray keep, int count) {
    long rows = given.size(0) * count;
    long in = given.size(1) / count;
    this.given = given;
    this.keep = keep;
    this.count = count;
    this.kept = keep == null ? given : buffers.own(given.shape());
    INDArray vectors = kept.reshape('c', rows, in);
    this.norm =
        layers.norm() == null ? null : LayerNorm.biased(buffers, weights, layers.norm(), rows);
    this.normed = norm == null ? vectors : buffers.own(rows, in);
    this.linear =
        layers.linear() == null ? null : new Linear(buffers, weights, layers.linear(), normed);
    this.projected = linear == null ? null : buffers.own(rows, linear.out());
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    if (keep != null) {
      program.multiply(given, keep, kept);
    }
    if (norm != null) {
      norm.forward(program, kept.reshape('c', normed.shape()), normed);
    }
    if (linear == null) {
      program.copy(normed.reshape('c', tokens.shape()), tokens);
    } else {
      linear.forward(program, projected);
      program.copy(projected.reshape('c', tokens.shape()), tokens);
    }
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    if (linear == null) {
      return;
    }
    program.copy(dTokens, projected.reshape('c', dTokens.shape()));
    linear.backward(program, projected);
    if (norm != null) {
      linear.inputGradient(program, projected, normed);
      norm.backward(program, normed, normed);
    }
  }
}
