package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * From the last tokens {@code [B*Q, D]} to the prediction {@code [B, Q*E]}: norm and projection.
 */
final class UnclipHead {
  private final LayerNorm norm;
  private final INDArray normed;
  private final Linear projection;
  private final INDArray prediction;

  UnclipHead(Buffers buffers, Weights weights, UnclipShape shape, int batch) {
    long rows = (long) batch * shape.outputTokens();
    this.norm = LayerNorm.biased(buffers, weights, "norm_out", rows);
    this.normed = buffers.own(rows, shape.inner());
    this.projection = new Linear(buffers, weights, "proj_to_clip_embeddings", normed);
    this.prediction = buffers.own(batch, shape.outputDim());
  }

  /** The prediction of what follows from the last tokens. */
  INDArray forward(Program program, INDArray last) {
    norm.forward(program, last, normed);
    projection.forward(program, perToken(prediction));
    return prediction;
  }

  /** Writes the gradient of the last tokens from that of the prediction. */
  void backward(Program program, INDArray dPrediction, INDArray dLast) {
    projection.backward(program, perToken(dPrediction));
    projection.inputGradient(program, perToken(dPrediction), dLast);
    norm.backward(program, dLast, dLast);
  }

  private INDArray perToken(INDArray array) {
    return array.reshape('c', normed.size(0), array.length() / normed.size(0));
  }
}
