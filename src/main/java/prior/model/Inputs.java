package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays a network reads for a span, filled by its caller before each forward pass.
 *
 * @param noised x_t, the noised and scaled image embeddings {@code [B, D]}
 * @param times integer timesteps {@code [B, 1]}
 * @param text text embeddings {@code [B, D]}
 * @param textEncodings text rows {@code [B, M, D]}, zero rows are padding; null where the network
 *     or the span has none
 * @param keepText 1 to keep a row's text, 0 for the null condition {@code [B, 1]}
 * @param keepImage 1 to keep a row's noised image, 0 for the null embedding {@code [B, 1]}
 * @param selfCond the previous prediction of x_0 {@code [B, D]}; null where the network or the span
 *     has none
 */
public record Inputs(
    INDArray noised,
    INDArray times,
    INDArray text,
    INDArray textEncodings,
    INDArray keepText,
    INDArray keepImage,
    INDArray selfCond) {

  static Inputs allocate(Buffers buffers, NetworkShape shape, Span span) {
    int dim = shape.dim();
    int batch = span.rows();
    boolean textRows = shape.textEncodings() && span.from() == 0;
    boolean selfCond = shape.selfCond() && span.to() == shape.tokens();
    return new Inputs(
        buffers.own(batch, dim),
        buffers.own(batch, 1),
        buffers.own(batch, dim),
        textRows ? buffers.own(batch, shape.maxTextLen(), dim) : null,
        buffers.own(batch, 1).assign(1),
        buffers.own(batch, 1).assign(1),
        selfCond ? buffers.own(batch, dim) : null);
  }
}
