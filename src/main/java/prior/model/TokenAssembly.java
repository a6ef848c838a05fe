package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The sequence of a row: text rows, text embedding, time, noised image, self-conditioning where
 * used, learned query (DALL-E 2, section 2.2).
 */
final class TokenAssembly {
  private final List<Token> sequence = new ArrayList<>();
  private final int dim;

  TokenAssembly(Buffers buffers, Weights weights, Dalle2Shape shape, Inputs inputs) {
    this.dim = shape.dim();
    sequence.add(new TextEncodingTokens(buffers, weights, shape, inputs));
    sequence.add(
        new EmbeddingTokens(
            buffers,
            weights,
            inputs.text(),
            inputs.keepText(),
            shape.textEmbeds(),
            "net.to_text_embeds.0",
            "net.null_text_embeds"));
    sequence.add(
        shape.continuousTime()
            ? new TimeMlpTokens(buffers, weights, shape, inputs.times())
            : new TimeTableTokens(buffers, weights, shape, inputs.times()));
    sequence.add(
        new EmbeddingTokens(
            buffers,
            weights,
            inputs.noised(),
            inputs.keepImage(),
            shape.imageEmbeds(),
            "net.to_image_embeds.0",
            "net.null_image_embed"));
    if (shape.selfCond()) {
      sequence.add(new SelfConditionToken(inputs.selfCond()));
    }
    sequence.add(
        new LearnedQuery(
            buffers, weights, "net.learned_query", Math.toIntExact(inputs.noised().size(0))));
  }

  /** Writes all tokens, {@code [B, N*D]}. */
  void forward(Program program, INDArray tokens) {
    long from = 0;
    for (Token token : sequence) {
      long to = from + (long) token.count() * dim;
      token.forward(program, Windows.columns(tokens, from, to));
      from = to;
    }
  }

  /** Reads the gradient of all tokens, {@code [B, N*D]}. */
  void backward(Program program, INDArray dTokens) {
    long from = 0;
    for (Token token : sequence) {
      long to = from + (long) token.count() * dim;
      token.backward(program, Windows.columns(dTokens, from, to));
      from = to;
    }
  }
}
