package prior.model;

import static prior.model.Program.Form.AB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One token per text row. A row that is zero throughout (padding) and every row of a dropped text
 * is replaced by the learned null row of its position.
 */
final class TextEncodingTokens implements Token {
  private final Buffers buffers;
  private final Inputs inputs;
  private final int batch;
  private final int textRows;
  private final int dim;
  private final Weights.Tensor nulls;
  private final INDArray keep;
  private final INDArray drop;

  TextEncodingTokens(Buffers buffers, Weights weights, Dalle2Shape shape, Inputs inputs) {
    this.buffers = buffers;
    this.inputs = inputs;
    this.batch = Math.toIntExact(inputs.noised().size(0));
    this.textRows = shape.maxTextLen();
    this.dim = shape.dim();
    this.nulls = weights.tensor("net.null_text_encodings").reshape(1, (long) textRows * dim);
    this.keep = buffers.own((long) batch * textRows);
    this.drop = buffers.own((long) batch * textRows, 1);
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
    INDArray rows = inputs.textEncodings().reshape('c', (long) batch * textRows, dim);
    findKept(program, rows);
    INDArray kept = buffers.scratch("kept text", rows.shape());
    INDArray filled = buffers.scratch("null text", rows.shape());
    program.multiply(rows, keep.reshape('c', keep.length(), 1), kept);
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
  }

  private INDArray perRow(INDArray x) {
    return x.reshape('c', batch, (long) textRows * dim);
  }
}
