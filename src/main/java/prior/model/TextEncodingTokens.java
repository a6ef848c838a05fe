package prior.model;

import static prior.model.Program.Form.AB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One token per text row, through a projection to D where rows have another width. A row that is
 * zero throughout (padding) and every row of a dropped text is replaced by the learned null row of
 * its position; where padding is masked, its key is told to be left out.
 */
final class TextEncodingTokens implements Token {
  static final String PROJECTION = "net.text_encodings_proj";

  /** Added to a logit that is to have no weight. */
  private static final double UNSEEN = -1e9;

  private final Buffers buffers;
  private final Inputs inputs;
  private final int batch;
  private final int textRows;
  private final int dim;
  private final Weights.Tensor nulls;
  private final INDArray keep;
  private final INDArray drop;
  private final INDArray padding;
  private final NormedProjection projection;

  /**
   * @param padding where text rows tell which keys are not looked at, {@code [B, keys]}; null where
   *     all are
   */
  TextEncodingTokens(
      Buffers buffers, Weights weights, Dalle2Shape shape, Inputs inputs, INDArray padding) {
    this.buffers = buffers;
    this.inputs = inputs;
    this.batch = Math.toIntExact(inputs.noised().size(0));
    this.textRows = shape.maxTextLen();
    this.dim = shape.dim();
    this.nulls = weights.tensor("net.null_text_encodings").reshape(1, (long) textRows * dim);
    this.keep = buffers.own((long) batch * textRows);
    this.drop = buffers.own((long) batch * textRows, 1);
    this.padding = padding;
    this.projection =
        shape.projectsEncodings()
            ? new NormedProjection(buffers, weights, PROJECTION, rows(shape.encodingDim()))
            : null;
  }

  private INDArray rows(int width) {
    return inputs.textEncodings().reshape('c', (long) batch * textRows, width);
  }

  @Override
  public int count() {
    return textRows;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    if (inputs.textEncodings() == null) {
      program.matmul(AB, buffers.constant(1, batch, 1), nulls.value(), tokens);
      return;
    }
    INDArray rows = rows(Math.toIntExact(inputs.textEncodings().size(2)));
    findKept(program, rows);
    INDArray kept = buffers.scratch("kept text", (long) batch * textRows, dim);
    INDArray filled = buffers.scratch("null text", kept.shape());
    INDArray projected = rows;
    if (projection != null) {
      projected = buffers.scratch("projected text", kept.shape());
      projection.forward(program, projected);
    }
    program.multiply(projected, keep.reshape('c', keep.length(), 1), kept);
    program.matmul(AB, buffers.constant(1, batch, 1), nulls.value(), perRow(filled));
    program.multiply(filled, drop, filled);
    program.add(kept, filled, kept);
    program.copy(perRow(kept), tokens);
  }

  /** keep = the row has a nonzero and its text is kept; drop = 1 - keep. */
  private void findKept(Program program, INDArray rows) {
    program.rowMaxMagnitude(rows, keep);
    program.sign(keep, keep);
    INDArray perText = keep.reshape('c', batch, textRows);
    program.multiply(perText, inputs.keepText(), perText);
    if (padding != null) { // zero for what is kept and for a dropped text
      program.subtract(perText, inputs.keepText(), padding);
      program.scale(padding, -UNSEEN, padding);
    }
    program.scale(keep.reshape('c', keep.length(), 1), -1, drop);
    program.addScalar(drop, 1, drop);
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    INDArray ones = buffers.constant(1, 1, batch);
    if (inputs.textEncodings() == null) {
      program.matmul(AB, ones, dTokens, nulls.gradient());
      return;
    }
    INDArray dropped = buffers.scratch("null text", (long) batch * textRows, dim);
    program.copy(dTokens, perRow(dropped));
    program.multiply(dropped, drop, dropped);
    program.matmul(AB, ones, perRow(dropped), nulls.gradient());
    if (projection != null) {
      INDArray kept = buffers.scratch("kept text", dropped.shape());
      program.copy(dTokens, perRow(kept));
      program.multiply(kept, keep.reshape('c', keep.length(), 1), kept);
      projection.backward(program, kept);
    }
  }

  private INDArray perRow(INDArray x) {
    return x.reshape('c', batch, (long) textRows * dim);
  }
}
