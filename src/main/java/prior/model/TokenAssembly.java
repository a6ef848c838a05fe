package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The sequence of a row, or the span of it that is wanted: text rows, text embedding, attributes,
 * time, noised image, self-conditioning where used, learned query (DALL-E 2, section 2.2).
 */
final class TokenAssembly {
  private final List<Token> sequence = new ArrayList<>();
  private final Buffers buffers;
  private final Weights weights;
  private final Dalle2Shape shape;
  private final Inputs inputs;
  private final INDArray padding;
  private final List<INDArray> unused = new ArrayList<>();

  private enum Part {
    TEXT_ROWS,
    TEXT_EMBEDDING,
    ATTRIBUTES,
    TIME,
    NOISED_IMAGE,
    SELF_CONDITION,
    LEARNED_QUERY
  }

  /**
   * @param padding where text rows tell which keys are not looked at, {@code [B, keys]}; null where
   *     all are
   */
  TokenAssembly(
      Buffers buffers,
      Weights weights,
      Dalle2Shape shape,
      Inputs inputs,
      Span span,
      INDArray padding) {
    this.buffers = buffers;
    this.weights = weights;
    this.shape = shape;
    this.inputs = inputs;
    this.padding = padding;
    int at = 0;
    for (Part part : Part.values()) {
      int count = count(part);
      if (count > 0 && at >= span.from() && at < span.to()) {
        sequence.add(token(part));
      } else if (weights.training()) {
        noGradient(part);
      }
      at += count;
    }
  }

  /** Conditions outside the span: no gradient of its parameters comes from here. */
  private void noGradient(Part part) {
    switch (part) {
      case TEXT_ROWS -> {
        unused.add(weights.tensor("net.null_text_encodings").gradient());
        if (shape.projectsEncodings()) {
          unused.addAll(NormedProjection.gradients(weights, TextEncodingTokens.PROJECTION));
        }
      }
      case TEXT_EMBEDDING -> {
        if (shape.textEmbeds() == 0) {
          return;
        }
        if (shape.projectsText()) {
          unused.addAll(NormedProjection.gradients(weights, EmbeddingTokens.TEXT_PROJECTION));
        }
        unused.add(weights.tensor("net.null_text_embeds").gradient());
        if (shape.textEmbeds() > 1) {
          unused.add(weights.tensor("net.to_text_embeds.0.weight").gradient());
          unused.add(weights.tensor("net.to_text_embeds.0.bias").gradient());
        }
      }
      case ATTRIBUTES ->
          weights.layout().parameters().stream()
              .filter(AttributeShape::owns)
              .forEach(parameter -> unused.add(weights.tensor(parameter.name()).gradient()));
      case TIME, NOISED_IMAGE, SELF_CONDITION, LEARNED_QUERY -> {}
    }
  }

  private int count(Part part) {
    return switch (part) {
      case TEXT_ROWS -> shape.maxTextLen();
      case TEXT_EMBEDDING -> shape.textEmbeds();
      case ATTRIBUTES -> shape.attributes().size();
      case TIME -> shape.timeEmbeds();
      case NOISED_IMAGE -> shape.imageEmbeds();
      case SELF_CONDITION -> shape.selfCond() ? 1 : 0;
      case LEARNED_QUERY -> 1;
    };
  }

  private Token token(Part part) {
    return switch (part) {
      case TEXT_ROWS -> new TextEncodingTokens(buffers, weights, shape, inputs, padding);
      case TEXT_EMBEDDING -> EmbeddingTokens.ofText(buffers, weights, shape, inputs);
      case ATTRIBUTES -> attributes();
      case TIME ->
          shape.continuousTime()
              ? new TimeMlpTokens(buffers, weights, shape, inputs.times())
              : new TimeTableTokens(buffers, weights, shape, inputs.times());
      case NOISED_IMAGE -> EmbeddingTokens.ofImage(buffers, weights, shape, inputs);
      case SELF_CONDITION -> SelfConditionToken.of(buffers, weights, shape, inputs);
      case LEARNED_QUERY ->
          new LearnedQuery(
              buffers, weights, "net.learned_query", Math.toIntExact(inputs.noised().size(0)));
    };
  }

  /** One token for each, of its columns. */
  private TokenRow attributes() {
    List<Token> tokens = new ArrayList<>();
    long from = 0;
    for (AttributeShape attribute : shape.attributes()) {
      long to = from + attribute.columns();
      INDArray own = Windows.columns(inputs.attributes(), from, to);
      tokens.add(new AttributeToken(buffers, weights, attribute, own));
      from = to;
    }
    return new TokenRow(tokens, shape.dim());
  }

  /** Writes all tokens, {@code [B, N*D]}. */
  void forward(Program program, INDArray tokens) {
    new TokenRow(sequence, shape.dim()).forward(program, tokens);
  }

  /** Reads the gradient of all tokens, {@code [B, N*D]}. */
  void backward(Program program, INDArray dTokens) {
    unused.forEach(gradient -> program.scale(gradient, 0, gradient));
    new TokenRow(sequence, shape.dim()).backward(program, dTokens);
  }
}
