package prior.model;

import static prior.model.Program.Form.AB;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.conf.UnclipConf.EncoderProjection;
import prior.conf.UnclipConf.NormType;

/**
 * diffusers' sequence of a row, or the span of it that is wanted: text encodings, text embedding,
 * time, noised image, prd token where there is one; learned positions are added.
 */
final class UnclipTokens {
  private final List<Token> sequence = new ArrayList<>();
  private final Buffers buffers;
  private final Weights weights;
  private final Weights.Tensor positions;
  private final int dim;
  private final UnclipSpan span;
  private final int first;
  private final int end;

  UnclipTokens(
      Buffers buffers, Weights weights, UnclipShape shape, Inputs inputs, UnclipSpan span) {
    this.buffers = buffers;
    this.weights = weights;
    this.dim = shape.inner();
    this.span = span;
    this.first = Math.max(shape.firstPosition(), span.from());
    this.end = Math.min(shape.firstPosition() + shape.positions(), span.to());
    long skipped = (long) (first - shape.firstPosition()) * dim;
    Weights.Tensor all = weights.tensor("positional_embedding");
    this.positions =
        all.reshape((long) shape.positions() * dim)
            .rows(skipped, skipped + (long) (end - first) * dim)
            .reshape(1, (long) (end - first) * dim);
    addTokens(shape, inputs);
  }

  private void addTokens(UnclipShape shape, Inputs inputs) {
    int batch = span.rows();
    int text = shape.conf().textTokens();
    if (text > 0 && span.holds(0)) {
      boolean projected = shape.conf().encoderHidProjType() == EncoderProjection.LINEAR;
      add(
          new ProjectedTokens.Layers(null, projected ? "encoder_hidden_states_proj" : null),
          inputs.textEncodings().reshape('c', batch, inputs.textEncodings().length() / batch),
          inputs.keepText(),
          text);
    }
    if (span.holds(text)) {
      boolean normed = shape.conf().embeddingProjNormType() == NormType.LAYER;
      add(
          new ProjectedTokens.Layers(normed ? "embedding_proj_norm" : null, "embedding_proj"),
          inputs.text(),
          inputs.keepText(),
          1);
    }
    if (span.holds(text + 1)) {
      sequence.add(new TimeWaveTokens(buffers, weights, shape, inputs.times()));
    }
    if (span.holds(text + 2)) {
      add(
          new ProjectedTokens.Layers(null, "proj_in"),
          inputs.noised(),
          null,
          shape.conf().imageTokens());
    }
    if (shape.prd() && span.holds(shape.tokens() - 1)) {
      sequence.add(new LearnedQuery(buffers, weights, "prd_embedding", batch));
    }
  }

  private void add(ProjectedTokens.Layers layers, INDArray given, INDArray keep, int count) {
    sequence.add(new ProjectedTokens(buffers, weights, layers, given, keep, count));
  }

  /** Writes all tokens, {@code [B, n*D]}. */
  void forward(Program program, INDArray tokens) {
    long from = 0;
    for (Token token : sequence) {
      long to = from + (long) token.count() * dim;
      token.forward(program, Windows.columns(tokens, from, to));
      from = to;
    }
    if (end > first) {
      INDArray placed = placed(tokens);
      program.add(placed, positions.value(), placed);
    }
  }

  /** Reads the gradient of all tokens, {@code [B, n*D]}. */
  void backward(Program program, INDArray dTokens) {
    INDArray ones = buffers.constant(1, 1, dTokens.size(0));
    program.matmul(AB, ones, placed(dTokens), positions.gradient());
    long from = 0;
    for (Token token : sequence) {
      long to = from + (long) token.count() * dim;
      token.backward(program, Windows.columns(dTokens, from, to));
      from = to;
    }
  }

  /** The tokens that have positions. */
  private INDArray placed(INDArray tokens) {
    return Windows.columns(
        tokens, (long) (first - span.from()) * dim, (long) (end - span.from()) * dim);
  }
}
