package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;
import static prior.model.Program.Form.ATB;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Causal attention with many query heads on one key/value head, cosine logits, a learned null key
 * and value in front, and a layer norm before the residual sum.
 *
 * <p>{@code Q} query tokens a row: all of the span, the last alone where no other is read
 * afterwards, or none where only keys and values are wanted. Keys {@code K} are those of earlier
 * spans and of this one.
 */
final class Attention {
  private static final double LOGIT_SCALE = 16;

  private final Buffers buffers;
  private final Span span;
  private final int heads;
  private final int d;
  private final int queries;
  private final PositionBias bias;
  private final Rotary.Turns turns;
  private final LayerNorm norm;
  private final LayerNorm outNorm;
  private final Weights.Tensor toQ;
  private final Weights.Tensor toOut;
  private final KeyProjection keyProjection;
  private final KeyValues own;
  private final List<KeyValues> seen;
  private final DropoutMask dropout;

  private final INDArray normed;
  private final INDArray q;
  private final UnitLength unitQ;
  private final INDArray p;
  private final INDArray o;

  /**
   * @param earlier the layer's keys and values of earlier spans
   * @param queries Q
   */
  Attention(
      Buffers buffers,
      Weights weights,
      Dalle2Shape shape,
      Positions positions,
      DropoutMasks masks,
      int layer,
      List<KeyValues> earlier,
      KeyValues own,
      int queries) {
    this.buffers = buffers;
    this.span = own.span();
    this.heads = shape.heads();
    this.d = shape.dimHead();
    this.queries = queries;
    this.own = own;
    this.seen = new ArrayList<>(earlier);
    seen.add(own);
    String prefix = ParameterLayout.attention(layer);
    this.norm = new LayerNorm(buffers, weights.tensor(prefix + "norm.g"), span.tokens());
    this.normed = buffers.keptApart("attention normed", span.tokens(), shape.dim());
    this.keyProjection = new KeyProjection(buffers, weights, positions, layer, normed, own);
    long queryRows = (long) span.rows() * Math.max(queries, 1);
    this.bias = positions.bias();
    this.turns = positions.turns(span.to() - Math.max(queries, 1), span.to(), heads);
    this.outNorm = new LayerNorm(buffers, weights.tensor(prefix + "to_out.1.g"), queryRows);
    this.toQ = weights.tensor(prefix + "to_q.weight");
    this.toOut = weights.tensor(prefix + "to_out.0.weight");
    this.q = buffers.kept("q", queryRows * heads, d);
    this.unitQ = new UnitLength(buffers, q);
    this.p = buffers.kept("p", queryRows * heads, span.to() + 1L);
    this.dropout = masks.attention(p.length());
    this.o = buffers.kept("o", queryRows, (long) heads * d);
  }

  /**
   * Computes the keys and values.
   *
   * @param x all tokens of the span, {@code [B*N, D]}
   */
  void projectKeys(Program program, INDArray x) {
    norm.forward(program, x, normed);
    keyProjection.forward(program);
  }

  /**
   * Adds attention's output to the residual; needs queries.
   *
   * @param residual the query tokens, {@code [B*Q, D]}: all tokens of the span, or a copy of the
   *     last ones
   */
  void attend(Program program, INDArray residual) {
    projectQueries(program);
    for (KeyValues part : seen) {
      program.matmul(
          ABT, LOGIT_SCALE, part.grouped(q), part.operand(part.keys()), 0, part.columns(p));
      leaveOutPadding(program, part);
    }
    INDArray logits = p.reshape('c', span.rows(), p.length() / span.rows());
    program.add(logits, bias.rows(queries), logits);
    program.softmax(perRow(p), perRow(p));
    weighValues(program);
    INDArray y = buffers.scratch("branch", residual.shape());
    program.matmul(ABT, o, toOut.value(), y);
    outNorm.forward(program, y, y);
    program.add(residual, y, residual);
  }

  /** The sum as a product with ones, which costs less than to broadcast. */
  private void leaveOutPadding(Program program, KeyValues part) {
    if (part.padding() != null) {
      INDArray logits = part.columns(p);
      long[] shape = logits.shape();
      shape[shape.length - 1] = 1;
      program.addMatmul(AB, buffers.constant(1, shape), part.paddingOperand(), logits);
    }
  }

  private void projectQueries(Program program) {
    INDArray projected = buffers.scratch("projected queries", q.shape());
    program.matmul(ABT, queryTokens(normed), toQ.value(), perToken(projected));
    turns.forward(program, projected, q);
    unitQ.forward(program);
  }

  private void weighValues(Program program) {
    INDArray weights = dropped(program);
    double earlier = 0;
    for (KeyValues part : seen) {
      INDArray into = part.grouped(perHead(o));
      program.matmul(AB, 1, part.columns(weights), part.operand(part.values()), earlier, into);
      earlier = 1;
    }
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

  /**
   * Adds the branch's gradient to that of its input.
   *
   * @param dResidual gradient of the query tokens after the sum, {@code [B*Q, D]}; not looked at
   *     without queries
   * @param dx gradient of all tokens, {@code [B*N, D]}, which already holds dResidual
   */
  void backward(Program program, INDArray dResidual, INDArray dx) {
    INDArray dNormed = buffers.scratch("d normed", normed.shape());
    INDArray dQ = queries == 0 ? null : queriesGradient(program, dResidual);
    own.gather(program, queries > 0);
    keyProjection.backward(program, dNormed);
    if (queries > 0) {
      queriesBackward(program, dQ, dNormed);
    }
    norm.backward(program, dNormed, dNormed);
    program.add(dx, dNormed, dx);
  }

  /** Everything up to the unit queries, whose gradient it returns. */
  private INDArray queriesGradient(Program program, INDArray dResidual) {
    INDArray dy = buffers.scratchApart("d branch", dResidual.size(0), dResidual.size(1));
    INDArray dO = buffers.scratch("d o", o.shape());
    outNorm.backward(program, dResidual, dy);
    program.matmul(ATB, dy, o, toOut.gradient());
    program.matmul(AB, dy, toOut.value(), dO);
    valuesBackward(program, dO);
    INDArray dS = softmaxBackward(program, dO);
    return logitsBackward(program, dS);
  }

  private void valuesBackward(Program program, INDArray dO) {
    INDArray weights = dropped(program);
    for (KeyValues part : seen) {
      INDArray grouped = part.grouped(perHead(dO));
      program.matmul(ATB, part.columns(weights), grouped, part.operand(part.dValues()));
    }
  }

  /** {@code dS = P (dP - rowsum(dO O))}, and its sum over the batch to the position bias. */
  private INDArray softmaxBackward(Program program, INDArray dO) {
    INDArray dS = buffers.scratch("d scores", p.shape());
    INDArray along = buffers.scratch("along o", q.size(0), 1);
    INDArray product = buffers.scratch("turned", q.shape());
    program.multiply(perHead(dO), perHead(o), product);
    program.matmul(AB, product, buffers.constant(1, d, 1), along);
    for (KeyValues part : seen) {
      program.matmul(ABT, part.grouped(perHead(dO)), part.operand(part.values()), part.columns(dS));
    }
    dropout.apply(program, dS, dS);
    program.subtract(dS, along, dS);
    program.multiply(dS, p, dS);
    INDArray flat = dS.reshape('c', span.rows(), dS.length() / span.rows());
    program.addMatmul(AB, buffers.constant(1, 1, span.rows()), flat, bias.gradientRows(queries));
    return dS;
  }

  private INDArray logitsBackward(Program program, INDArray dS) {
    INDArray dQ = buffers.scratch("d q", q.shape());
    double earlier = 0;
    for (KeyValues part : seen) {
      INDArray own = part.columns(dS);
      program.matmul(AB, LOGIT_SCALE, own, part.operand(part.keys()), earlier, part.grouped(dQ));
      program.matmul(ATB, LOGIT_SCALE, own, part.grouped(q), 0, part.operand(part.dKeys()));
      earlier = 1;
    }
    return dQ;
  }

  private void queriesBackward(Program program, INDArray dQ, INDArray dNormed) {
    INDArray dProjected = buffers.scratch("projected queries", q.shape());
    unitQ.backward(program, dQ);
    turns.backward(program, dQ, dProjected);
    program.matmul(ATB, perToken(dProjected), queryTokens(normed), toQ.gradient());
    program.addMatmul(AB, perToken(dProjected), toQ.value(), queryTokens(dNormed));
  }

  /** Keys and values of the span, for later ones. */
  KeyValues keyValues() {
    return own;
  }

  /** The rows of {@code [B*N, D]} whose queries are computed. */
  private INDArray queryTokens(INDArray all) {
    return queries == span.length() ? all : Windows.lastOfEach(all, span.rows());
  }

  /** {@code [B, Q*H, n]}. */
  private INDArray perRow(INDArray x) {
    return Windows.grouped(x, span.rows());
  }

  /** {@code [B*Q, H*d]}. */
  private INDArray perToken(INDArray x) {
    return x.reshape('c', (long) span.rows() * queries, (long) heads * d);
  }

  /** {@code [B*Q*H, d]}. */
  private INDArray perHead(INDArray x) {
    return x.reshape('c', (long) span.rows() * queries * heads, d);
  }
}
