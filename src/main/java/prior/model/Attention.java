package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Causal attention with many query heads on one key/value head, cosine logits, a learned null key
 * and value in front, and a layer norm before the residual sum.
 *
 * <p>{@code Q} query tokens a row: all N, or the last alone where no other is read afterwards.
 */
final class Attention {
  private static final double LOGIT_SCALE = 16;

  private final Buffers buffers;
  private final int batch;
  private final int tokens;
  private final int heads;
  private final int d;
  private final int queries;
  private final PositionBias bias;
  private final Rotary.Turns queryTurns;
  private final Rotary.Turns keyTurns;
  private final LayerNorm norm;
  private final LayerNorm outNorm;
  private final Weights.Tensor toQ;
  private final Weights.Tensor toK;
  private final Weights.Tensor toV;
  private final Weights.Tensor toOut;
  private final Weights.Tensor nullKv;

  private final INDArray normed;
  private final INDArray q;
  private final INDArray k;
  private final INDArray nullKey;
  private final UnitLength unitQ;
  private final UnitLength unitK;
  private final UnitLength unitNull;
  private final INDArray keys;
  private final INDArray values;
  private final INDArray p;
  private final DropoutMask dropout;
  private final INDArray o;

  Attention(
      Buffers buffers,
      Weights weights,
      Dalle2Shape shape,
      Positions positions,
      DropoutMasks masks,
      int layer,
      int batch,
      int queries) {
    this.buffers = buffers;
    this.batch = batch;
    this.tokens = shape.tokens();
    this.heads = shape.heads();
    this.d = shape.dimHead();
    this.queries = queries;
    this.bias = positions.bias();
    this.queryTurns = positions.turns(queries, heads);
    this.keyTurns = positions.turns(tokens, 1);
    String prefix = ParameterLayout.attention(layer);
    long rows = (long) batch * tokens;
    long queryRows = (long) batch * queries;
    this.norm = new LayerNorm(buffers, weights.tensor(prefix + "norm.g"), rows);
    this.outNorm = new LayerNorm(buffers, weights.tensor(prefix + "to_out.1.g"), queryRows);
    Weights.Tensor toKv = weights.tensor(prefix + "to_kv.weight");
    this.toQ = weights.tensor(prefix + "to_q.weight");
    this.toK = toKv.rows(0, d);
    this.toV = toKv.rows(d, 2L * d);
    this.toOut = weights.tensor(prefix + "to_out.0.weight");
    this.nullKv = weights.tensor(prefix + "null_kv");
    this.normed = buffers.kept("attention normed", rows, shape.dim());
    this.q = buffers.kept("q", queryRows * heads, d);
    this.k = buffers.kept("k", rows, d);
    this.nullKey = buffers.kept("null key", 1, d);
    this.unitQ = new UnitLength(buffers, q);
    this.unitK = new UnitLength(buffers, k);
    this.unitNull = new UnitLength(buffers, nullKey);
    this.keys = buffers.kept("keys", batch, tokens + 1, d);
    this.values = buffers.kept("values", batch, tokens + 1, d);
    this.p = buffers.kept("p", batch, (long) queries * heads, tokens + 1);
    this.dropout = masks.attention(p.length());
    this.o = buffers.kept("o", queryRows, (long) heads * d);
  }

  /**
   * Adds attention's output to the residual.
   *
   * @param x all tokens, {@code [B*N, D]}
   * @param residual the query tokens, {@code [B*Q, D]}: x itself, or a copy of the last tokens
   */
  void forward(Program program, INDArray x, INDArray residual) {
    norm.forward(program, x, normed);
    projectQueries(program);
    projectKeys(program);
    projectValues(program);
    program.matmul(ABT, LOGIT_SCALE, perRow(q), keys, 0, p);
    INDArray logits = p.reshape('c', batch, p.length() / batch);
    program.add(logits, bias.rows(queries), logits);
    program.softmax(p, p);
    program.matmul(AB, dropped(program), values, perRow(o));
    INDArray y = buffers.scratch("branch", residual.shape());
    program.matmul(ABT, o, toOut.value(), y);
    outNorm.forward(program, y, y);
    program.add(residual, y, residual);
  }

  private void projectQueries(Program program) {
    INDArray projected = buffers.scratch("projected queries", q.shape());
    program.matmul(ABT, queryTokens(normed), toQ.value(), perToken(projected));
    queryTurns.forward(program, projected, q);
    unitQ.forward(program);
  }

  private void projectKeys(Program program) {
    INDArray projected = buffers.scratch("projected keys", k.shape());
    program.matmul(ABT, normed, toK.value(), projected);
    keyTurns.forward(program, projected, k);
    unitK.forward(program);
    program.copy(k.reshape('c', batch, tokens, d), Windows.middle(keys, 1, tokens + 1));
    program.copy(Windows.rows(nullKv.value(), 0, 1), nullKey);
    unitNull.forward(program);
    program.matmul(AB, buffers.constant(1, batch, 1), nullKey, nullSlot(keys));
  }

  private void projectValues(Program program) {
    INDArray projected = buffers.scratch("projected keys", k.shape());
    program.matmul(ABT, normed, toV.value(), projected);
    program.copy(projected.reshape('c', batch, tokens, d), Windows.middle(values, 1, tokens + 1));
    INDArray nullValue = Windows.rows(nullKv.value(), 1, 2);
    program.matmul(AB, buffers.constant(1, batch, 1), nullValue, nullSlot(values));
  }

  /**
   * Adds the branch's gradient to that of its input.
   *
   * @param dResidual gradient of the query tokens after the sum, {@code [B*Q, D]}
   * @param dx gradient of all tokens, {@code [B*N, D]}, which already holds dResidual
   */
  void backward(Program program, INDArray dResidual, INDArray dx) {
    INDArray dy = buffers.scratch("branch", dResidual.shape());
    INDArray dO = buffers.scratch("d o", o.shape());
    outNorm.backward(program, dResidual, dy);
    program.matmul(ATB, dy, o, toOut.gradient());
    program.matmul(AB, dy, toOut.value(), dO);
    INDArray dV = buffers.scratch("d values", values.shape());
    program.matmul(ATB, dropped(program), perRow(dO), dV);
    INDArray dS = softmaxBackward(program, dO);
    INDArray dQ = buffers.scratch("d q", q.shape());
    INDArray dK = buffers.scratch("d keys", keys.shape());
    program.matmul(AB, LOGIT_SCALE, dS, keys, 0, perRow(dQ));
    program.matmul(ATB, LOGIT_SCALE, dS, perRow(q), 0, dK);
    INDArray dNormed = buffers.scratch("d normed", normed.shape());
    keysBackward(program, dK, dNormed);
    valuesBackward(program, dV, dNormed);
    queriesBackward(program, dQ, dNormed);
    norm.backward(program, dNormed, dNormed);
    program.add(dx, dNormed, dx);
  }

  /** The attention weights the values are weighted by. */
  private INDArray dropped(Program program) {
    if (!dropout.drops()) {
      return p;
    }
    INDArray dropped = buffers.scratch("dropped p", p.shape());
    dropout.apply(program, p, dropped);
    return dropped;
  }

  /** {@code dS = P (dP - rowsum(dO O))}, and its sum over the batch to the position bias. */
  private INDArray softmaxBackward(Program program, INDArray dO) {
    INDArray dS = buffers.scratch("d scores", p.shape());
    INDArray along = buffers.scratch("along o", q.size(0), 1);
    INDArray product = buffers.scratch("turned", q.shape());
    program.multiply(perHead(dO), perHead(o), product);
    program.matmul(AB, product, buffers.constant(1, d, 1), along);
    program.matmul(ABT, perRow(dO), values, dS);
    dropout.apply(program, dS, dS);
    INDArray rows = dS.reshape('c', q.size(0), tokens + 1);
    program.subtract(rows, along, rows);
    program.multiply(dS, p, dS);
    INDArray flat = dS.reshape('c', batch, dS.length() / batch);
    program.addMatmul(AB, buffers.constant(1, 1, batch), flat, bias.gradientRows(queries));
    return dS;
  }

  private void keysBackward(Program program, INDArray dK, INDArray dNormed) {
    INDArray dNull = buffers.scratch("d null key", 1, d);
    program.matmul(AB, buffers.constant(1, 1, batch), nullSlot(dK), dNull);
    unitNull.backward(program, dNull);
    program.copy(dNull, Windows.rows(nullKv.gradient(), 0, 1));
    INDArray dUnit = buffers.scratch("d k", k.shape());
    INDArray dProjected = buffers.scratch("projected keys", k.shape());
    program.copy(Windows.middle(dK, 1, tokens + 1), dUnit.reshape('c', batch, tokens, d));
    unitK.backward(program, dUnit);
    keyTurns.backward(program, dUnit, dProjected);
    program.matmul(ATB, dProjected, normed, toK.gradient());
    program.matmul(AB, dProjected, toK.value(), dNormed);
  }

  private void valuesBackward(Program program, INDArray dV, INDArray dNormed) {
    INDArray dNull = Windows.rows(nullKv.gradient(), 1, 2);
    program.matmul(AB, buffers.constant(1, 1, batch), nullSlot(dV), dNull);
    INDArray dProjected = buffers.scratch("projected keys", k.shape());
    program.copy(Windows.middle(dV, 1, tokens + 1), dProjected.reshape('c', batch, tokens, d));
    program.matmul(ATB, dProjected, normed, toV.gradient());
    program.addMatmul(AB, dProjected, toV.value(), dNormed);
  }

  private void queriesBackward(Program program, INDArray dQ, INDArray dNormed) {
    INDArray dProjected = buffers.scratch("projected queries", q.shape());
    unitQ.backward(program, dQ);
    queryTurns.backward(program, dQ, dProjected);
    program.matmul(ATB, perToken(dProjected), queryTokens(normed), toQ.gradient());
    program.addMatmul(AB, perToken(dProjected), toQ.value(), queryTokens(dNormed));
  }

  /** The rows of {@code [B*N, D]} whose queries are computed. */
  private INDArray queryTokens(INDArray all) {
    long dim = all.size(1);
    INDArray perRow = all.reshape('c', batch, tokens * dim);
    return queries == tokens ? all : Windows.columns(perRow, (tokens - 1) * dim, tokens * dim);
  }

  /** {@code [B, Q*H, d]}. */
  private INDArray perRow(INDArray x) {
    return x.reshape('c', batch, (long) queries * heads, d);
  }

  /** {@code [B*Q, H*d]}. */
  private INDArray perToken(INDArray x) {
    return x.reshape('c', (long) batch * queries, (long) heads * d);
  }

  /** {@code [B*Q*H, d]}. */
  private INDArray perHead(INDArray x) {
    return x.reshape('c', (long) batch * queries * heads, d);
  }

  /** Key 0 of every row, {@code [B, d]}. */
  private INDArray nullSlot(INDArray keyed) {
    return Windows.columns(keyed.reshape('c', batch, (tokens + 1L) * d), 0, d);
  }
}
