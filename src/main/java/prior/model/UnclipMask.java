package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is added to the logits of a span's queries: -10000 above the diagonal and, on top of it,
 * -10000 for keys of padded text; a dropped text is padding throughout. Nothing where the network
 * takes no mask: attention is not causal then.
 */
final class UnclipMask {
  private static final double MASKED = -10000;

  private final Buffers buffers;
  private final Inputs inputs;
  private final UnclipSpan span;
  private final boolean causal;
  private final INDArray above;
  private final INDArray padding;
  private final INDArray mask;
  private final INDArray largest;

  UnclipMask(Buffers buffers, UnclipShape shape, Inputs inputs, UnclipSpan span) {
    this.buffers = buffers;
    this.inputs = inputs;
    this.span = span;
    this.causal = shape.conf().masked();
    this.above = causal ? buffers.constant(aboveDiagonal(), 1, span.length(), span.to()) : null;
    this.padding = causal ? buffers.own(span.rows(), span.to()) : null;
    this.mask = causal ? buffers.own(span.rows(), span.length(), span.to()) : null;
    this.largest = causal ? buffers.own(span.tokens()) : null;
  }

  private double[] aboveDiagonal() {
    double[] values = new double[span.length() * span.to()];
    for (int i = 0; i < values.length; i++) {
      int query = span.from() + i / span.to();
      values[i] = i % span.to() > query ? MASKED : 0;
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
      program.multiply(inputs.textMask(), inputs.keepText(), text);
      program.addScalar(text, -1, text);
      program.scale(text, -MASKED, text);
    }
    program.add(above, padding.reshape('c', span.rows(), 1, span.to()), mask);
    raise(program);
  }

  /**
   * Raises each query's row to a largest value of 0. Softmax does not see it, and a query that sees
   * padding alone keeps the digits of its logits.
   */
  private void raise(Program program) {
    INDArray rows = mask.reshape('c', span.tokens(), span.to());
    program.rowMax(rows, largest);
    program.subtract(rows, largest.reshape('c', span.tokens(), 1), rows);
  }

  /**
   * Adds the mask to the logits of the last tokens.
   *
   * @param logits {@code [H, B * Q * keys]}
   */
  void add(Program program, INDArray logits) {
    if (causal) {
      long queries = logits.size(1) / span.rows() / span.to();
      INDArray rows = mask;
      if (queries != span.length()) {
        rows = buffers.scratch("last rows of the mask", span.rows(), queries, span.to());
        program.copy(Windows.middle(mask, span.length() - queries, span.length()), rows);
      }
      program.add(logits, rows.reshape('c', 1, logits.size(1)), logits);
    }
  }
}
