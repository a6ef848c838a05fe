package prior.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.model.Transformer.Readout;

/** What the network computes for a span of the sequence: tokens, then the stack of blocks. */
final class Pass {
  private final Inputs inputs;
  private final TokenAssembly assembly;
  private final Transformer transformer;
  private final INDArray tokens;
  private final INDArray perRow;

  /**
   * @param earlier the passes over the spans before this one, in the order of the sequence; their
   *     rows divide this one's
   */
  Pass(
      Buffers buffers,
      Weights weights,
      Dalle2Shape shape,
      DropoutMasks masks,
      Span span,
      List<Pass> earlier,
      Readout readout) {
    this.inputs = Inputs.allocate(buffers, shape, span);
    boolean padded = shape.masked() && inputs.textEncodings() != null;
    INDArray padding = padded ? buffers.own(span.rows(), span.keys()) : null;
    this.assembly = new TokenAssembly(buffers, weights, shape, inputs, span, textKeys(padding));
    List<Transformer> before = earlier.stream().map(pass -> pass.transformer).toList();
    this.transformer =
        new Transformer(buffers, weights, shape, masks, span, padding, before, readout);
    this.tokens = buffers.own(span.tokens(), shape.dim());
    this.perRow = tokens.reshape('c', span.rows(), (long) span.length() * shape.dim());
  }

  /** Of the keys of a span that holds the text rows those of the rows; the null key is before. */
  private INDArray textKeys(INDArray padding) {
    return padding == null ? null : Windows.columns(padding, 1, 1 + inputs.textEncodings().size(1));
  }

  Inputs inputs() {
    return inputs;
  }

  /** Computes what depends on parameters alone. */
  void prepare(Program program) {
    transformer.prepare(program);
  }

  /** The last token {@code [B, D]}, meaningless where only keys are read. */
  INDArray forward(Program program, LayerHooks hooks) {
    assembly.forward(program, perRow);
    return transformer.forward(program, tokens, hooks);
  }

  /**
   * Writes the gradients of all parameters from that of the last token, which is used up, and from
   * what later passes left.
   */
  void backward(Program program, INDArray dLast, LayerHooks hooks) {
    transformer.backward(program, dLast, tokens, hooks);
    assembly.backward(program, perRow);
  }
}
