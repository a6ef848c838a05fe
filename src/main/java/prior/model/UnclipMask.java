package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is added to attention's logits: -10000 above the diagonal and, on top of it, -10000 for keys
 * of padded text. Nothing where the network takes no mask: attention is not causal then.
 */
final class UnclipMask {
  private static final double MASKED = -10000;

  private final Buffers buffers;
  private final Inputs inputs;
  private final boolean causal;
  private final int tokens;
  private final INDArray above;
  private final INDArray padding;
  private final INDArray mask;

  UnclipMask(Buffers buffers, UnclipShape shape, Inputs inputs) {
    int batch = Math.toIntExact(inputs.noised().size(0));
    this.buffers = buffers;
    this.inputs = inputs;
    this.causal = shape.conf().masked();
    this.tokens = shape.tokens();
    this.above = causal ? buffers.constant(aboveDiagonal(), 1, tokens, tokens) : null;
    this.padding = causal ? buffers.own(batch, tokens) : null;
    this.mask = causal ? buffers.own(batch, tokens, tokens) : null;
  }

  private double[] aboveDiagonal() {
    double[] values = new double[tokens * tokens];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % tokens > i / tokens ? MASKED : 0;
    }
    return values;
  }

  /** Fills the mask from the text's. */
  void forward(Program program) {
    if (!causal) {
      return;
    }
    if (inputs.textMask() != null) {
      INDArray text = Windows.columns(padding, 0, inputs.textMask().size(1));
      program.addScalar(inputs.textMask(), -1, text);
      program.scale(text, -MASKED, text);
    }
    program.add(above, padding.reshape('c', padding.size(0), 1, tokens), mask);
  }

  /**
   * Adds the mask to the logits of the last tokens.
   *
   * @param logits {@code [B, H, Q * n]}
   */
  void add(Program program, INDArray logits) {
    if (causal) {
      long queries = logits.size(2) / tokens;
      INDArray rows = mask;
      if (queries != tokens) {
        rows = buffers.scratch("last rows of the mask", mask.size(0), queries, tokens);
        program.copy(Windows.middle(mask, tokens - queries, tokens), rows);
      }
      program.add(logits, rows.reshape('c', rows.size(0), 1, queries * tokens), logits);
    }
  }
}
