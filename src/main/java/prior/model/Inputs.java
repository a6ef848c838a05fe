package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays a network reads for a span, filled by its caller before each forward pass.
 *
 * @param noised x_t, the noised and scaled image embeddings {@code [B, W]}
 * @param times integer timesteps {@code [B, 1]}
 * @param text text embeddings {@code [B, P]}; null where the network takes none
 * @param textEncodings text rows {@code [B, M, E]}, zero rows are padding; null where the network
 *     or the span has none
 * @param textMask 1 for a text row, 0 for padding {@code [B, M]}; null where the network takes none
 * @param keepText 1 to keep a row's text, 0 for the null condition {@code [B, 1]}
 * @param keepImage 1 to keep a row's noised image, 0 for the null embedding {@code [B, 1]}
 * @param attributes the columns of all attributes {@code [B, C]}, see {@link
 *     AttributeShape#columns}; zeros are nulls; null where the network or the span has none
 * @param selfCond the previous prediction of x_0 {@code [B, W]}; null where the network or the span
 *     has none
 */
public record Inputs(
    INDArray noised,
    INDArray times,
    INDArray text,
    INDArray textEncodings,
    INDArray textMask,
    INDArray keepText,
    INDArray keepImage,
    INDArray attributes,
    INDArray selfCond) {

  static Inputs allocate(Buffers buffers, Dalle2Shape shape, Span span) {
    Rows rows =
        new Rows(
            span.rows(),
            span.from() == 0 ? shape.encodingRows() : 0,
            span.holdsAttributes(shape) ? shape.attributeColumns() : 0,
            shape.selfCond() && span.to() == shape.tokens());
    return allocate(buffers, shape, rows);
  }

  static Inputs allocate(Buffers buffers, UnclipShape shape, int batch) {
    return allocate(buffers, shape, new Rows(batch, shape.encodingRows(), 0, false));
  }

  private record Rows(int batch, int textRows, int attributes, boolean selfCond) {}

  private static Inputs allocate(Buffers buffers, NetworkShape shape, Rows rows) {
    int batch = rows.batch();
    return new Inputs(
        buffers.own(batch, shape.imageDim()),
        buffers.own(batch, 1),
        shape.textDim() > 0 ? buffers.own(batch, shape.textDim()) : null,
        rows.textRows() > 0 ? buffers.own(batch, rows.textRows(), shape.encodingDim()) : null,
        shape.masksText() ? buffers.own(batch, shape.encodingRows()).assign(1) : null,
        buffers.own(batch, 1).assign(1),
        buffers.own(batch, 1).assign(1),
        rows.attributes() > 0 ? buffers.own(batch, rows.attributes()) : null,
        rows.selfCond() ? buffers.own(batch, shape.imageDim()) : null);
  }
}
