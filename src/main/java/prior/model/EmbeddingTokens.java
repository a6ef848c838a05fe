package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The n tokens of one embedding: the embedding itself for n = 1, a biased linear layer D to n*D
 * otherwise; before either, a projection to D where its width is another. Dropped rows take the
 * learned null embedding instead.
 */
final class EmbeddingTokens implements Token {
  static final String TEXT_PROJECTION = "net.text_embed_proj";
  static final String IMAGE_PROJECTION = "net.image_embed_proj";

  private final Buffers buffers;
  private final Embedding projection;
  private final INDArray embedding;
  private final INDArray keep;
  private final INDArray drop;
  private final int count;
  private final Weights.Tensor weight;
  private final Weights.Tensor bias;
  private final Weights.Tensor nulls;

  /**
   * @param projection what writes the embedding; null where it is an input itself
   * @param embedding {@code [B, D]}
   * @param layer the linear layer's name
   * @param nulls one null row for each token, or one for all of them
   */
  EmbeddingTokens(
      Buffers buffers,
      Weights weights,
      Embedding projection,
      INDArray embedding,
      INDArray keep,
      int count,
      String layer,
      String nulls) {
    long dim = embedding.size(1);
    this.buffers = buffers;
    this.projection = projection;
    this.embedding = embedding;
    this.keep = keep;
    this.drop = buffers.own(embedding.size(0), 1);
    this.count = count;
    this.weight = count > 1 ? weights.tensor(layer + ".weight") : null;
    this.bias = count > 1 ? weights.tensor(layer + ".bias").reshape(1, count * dim) : null;
    Weights.Tensor all = weights.tensor(nulls);
    this.nulls = all.reshape(1, all.value().length());
  }

  /** Of the text embedding. */
  static EmbeddingTokens ofText(
      Buffers buffers, Weights weights, Dalle2Shape shape, Inputs inputs) {
    boolean projects = shape.projectsText();
    INDArray text = inputs.text();
    return new EmbeddingTokens(
        buffers,
        weights,
        projects ? new NormedProjection(buffers, weights, TEXT_PROJECTION, text) : null,
        projects ? buffers.own(text.size(0), shape.dim()) : text,
        inputs.keepText(),
        shape.textEmbeds(),
        "net.to_text_embeds.0",
        "net.null_text_embeds");
  }

  /** Of the noised image embedding, whose length says how noised it is, so that it has no norm. */
  static EmbeddingTokens ofImage(
      Buffers buffers, Weights weights, Dalle2Shape shape, Inputs inputs) {
    boolean projects = shape.projectsImage();
    INDArray noised = inputs.noised();
    return new EmbeddingTokens(
        buffers,
        weights,
        projects ? new Linear(buffers, weights, IMAGE_PROJECTION, noised) : null,
        projects ? buffers.own(noised.size(0), shape.dim()) : noised,
        inputs.keepImage(),
        shape.imageEmbeds(),
        "net.to_image_embeds.0",
        "net.null_image_embed");
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    if (projection != null) {
      projection.forward(program, embedding);
    }
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
    if (count == 1 && projection == null) {
      return;
    }
    INDArray kept = buffers.scratch("embedded", dTokens.shape());
    program.multiply(dTokens, keep, kept);
    if (count > 1) {
      program.matmul(ATB, kept, embedding, weight.gradient());
      program.matmul(AB, buffers.constant(1, 1, kept.size(0)), kept, bias.gradient());
    }
    if (projection != null) {
      projection.backward(program, embeddingGradient(program, kept));
    }
  }

  private INDArray embeddingGradient(Program program, INDArray kept) {
    if (count == 1) {
      return kept;
    }
    INDArray dEmbedding = buffers.scratch("d embedding", embedding.shape());
    program.matmul(AB, kept, weight.value(), dEmbedding);
    return dEmbedding;
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
