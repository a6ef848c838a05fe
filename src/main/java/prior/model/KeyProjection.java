package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * From the normed tokens of a span to the one key and value head of a layer; before the sequence's
 * first token stand the learned null key and value.
 */
final class KeyProjection {
  private final Buffers buffers;
  private final Span span;
  private final int d;
  private final Rotary.Turns turns;
  private final Weights.Tensor toK;
  private final Weights.Tensor toV;
  private final Weights.Tensor nullKv;
  private final INDArray normed;
  private final INDArray k;
  private final INDArray nullKey;
  private final UnitLength unitK;
  private final UnitLength unitNull;
  private final KeyValues result;

  /**
   * @param normed {@code [rows * length, D]}, kept until the backward pass
   */
  KeyProjection(
      Buffers buffers,
      Weights weights,
      Positions positions,
      int layer,
      INDArray normed,
      KeyValues result) {
    this.buffers = buffers;
    this.span = result.span();
    this.d = Math.toIntExact(result.keys().size(2));
    this.turns = positions.turns(span.from(), span.to(), 1);
    String prefix = ParameterLayout.attention(layer);
    Weights.Tensor toKv = weights.tensor(prefix + "to_kv.weight");
    this.toK = toKv.rows(0, d);
    this.toV = toKv.rows(d, 2L * d);
    this.nullKv = weights.tensor(prefix + "null_kv");
    this.normed = normed;
    this.k = buffers.kept("k", span.tokens(), d);
    this.nullKey = buffers.kept("null key", 1, d);
    this.unitK = new UnitLength(buffers, k);
    this.unitNull = new UnitLength(buffers, nullKey);
    this.result = result;
  }

  void forward(Program program) {
    INDArray projected = buffers.scratch("projected keys", k.shape());
    program.matmul(ABT, normed, toK.value(), projected);
    turns.forward(program, projected, k);
    unitK.forward(program);
    program.copyRows(perRow(k), tokenSlots(result.keys()));
    program.matmul(ABT, normed, toV.value(), projected);
    program.copyRows(perRow(projected), tokenSlots(result.values()));
    if (span.nullKeys() > 0) {
      INDArray ones = buffers.constant(1, span.rows(), 1);
      program.copy(Windows.rows(nullKv.value(), 0, 1), nullKey);
      unitNull.forward(program);
      program.matmul(AB, ones, nullKey, nullSlot(result.keys()));
      program.matmul(AB, ones, Windows.rows(nullKv.value(), 1, 2), nullSlot(result.values()));
    }
  }

  /** Writes what the keys' and values' gradients are for the normed tokens. */
  void backward(Program program, INDArray dNormed) {
    INDArray dUnit = buffers.scratch("d k", k.shape());
    INDArray dProjected = buffers.scratch("projected keys", k.shape());
    program.copyRows(tokenSlots(result.dKeys()), perRow(dUnit));
    unitK.backward(program, dUnit);
    turns.backward(program, dUnit, dProjected);
    program.matmul(ATB, dProjected, normed, toK.gradient());
    program.matmul(AB, dProjected, toK.value(), dNormed);
    program.copyRows(tokenSlots(result.dValues()), perRow(dProjected));
    program.matmul(ATB, dProjected, normed, toV.gradient());
    program.addMatmul(AB, dProjected, toV.value(), dNormed);
    if (span.nullKeys() > 0) {
      nullBackward(program);
    } else {
      program.scale(nullKv.gradient(), 0, nullKv.gradient());
    }
  }

  private void nullBackward(Program program) {
    INDArray ones = buffers.constant(1, 1, span.rows());
    INDArray dNull = buffers.scratch("d null key", 1, d);
    program.matmul(AB, ones, nullSlot(result.dKeys()), dNull);
    unitNull.backward(program, dNull);
    program.copy(dNull, Windows.rows(nullKv.gradient(), 0, 1));
    INDArray dNullValue = Windows.rows(nullKv.gradient(), 1, 2);
    program.matmul(AB, ones, nullSlot(result.dValues()), dNullValue);
  }

  private INDArray perRow(INDArray x) {
    return x.reshape('c', span.rows(), span.length(), d);
  }

  private INDArray tokenSlots(INDArray keyed) {
    return Windows.middle(keyed, span.nullKeys(), span.keys());
  }

  /** Key 0 of every row, {@code [rows, d]}. */
  private INDArray nullSlot(INDArray keyed) {
    return Windows.columns(keyed.reshape('c', span.rows(), (long) span.keys() * d), 0, d);
  }
}
