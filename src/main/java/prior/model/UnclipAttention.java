package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Multi-head attention with biases: {@code x + Wo softmax(q k^T / sqrt(d) + mask) v} over a layer
 * norm of x (Vaswani et al. 2017, section 3.2).
 *
 * <p>{@code n} tokens a row, those of a span, with {@code m} keys: its own and those of earlier
 * spans. {@code Q} query tokens a row: all, or the last where no other is read afterwards. A head
 * reads its columns where they are: laying tokens out by head costs more than its products.
 */
final class UnclipAttention {
  private final Buffers buffers;
  private final UnclipMask mask;
  private final DropoutMask dropout;
  private final UnclipKeys own;
  private final int batch;
  private final int tokens;
  private final int queries;
  private final int heads;
  private final int d;
  private final LayerNorm norm;
  private final INDArray normed;
  private final INDArray queryTokens;
  private final Linear toQ;
  private final Linear toK;
  private final Linear toV;
  private final Linear toOut;
  private final INDArray q;
  private final INDArray k;
  private final INDArray v;
  private final INDArray p;
  private final INDArray o;

  UnclipAttention(
      Buffers buffers,
      Weights weights,
      UnclipShape shape,
      UnclipMask mask,
      DropoutMasks masks,
      int layer,
      UnclipKeys own,
      int queries) {
    this.buffers = buffers;
    this.mask = mask;
    this.own = own;
    this.batch = own.span().rows();
    this.tokens = own.span().length();
    this.queries = queries;
    this.heads = shape.conf().numAttentionHeads();
    this.d = shape.conf().attentionHeadDim();
    String prefix = UnclipLayout.block(layer);
    long rows = (long) batch * tokens;
    long inner = shape.inner();
    this.norm = LayerNorm.biased(buffers, weights, prefix + "norm1", rows);
    this.normed = buffers.kept("attention normed", rows, inner);
    this.queryTokens =
        queries == tokens ? normed : buffers.kept("query tokens", (long) batch * queries, inner);
    this.toQ = new Linear(buffers, weights, prefix + "attn1.to_q", queryTokens);
    this.toK = new Linear(buffers, weights, prefix + "attn1.to_k", normed);
    this.toV = new Linear(buffers, weights, prefix + "attn1.to_v", normed);
    this.q = buffers.kept("q", (long) batch * queries, inner);
    this.k = own.keys();
    this.v = own.values();
    this.p = buffers.kept("p", (long) heads * batch, queries, own.span().to());
    this.o = buffers.kept("o", (long) batch * queries, inner);
    this.toOut = new Linear(buffers, weights, prefix + "attn1.to_out.0", o);
    this.dropout = masks.attention(o.length());
  }

  /**
   * Adds attention's output to the residual.
   *
   * @param x all tokens, {@code [B*n, D]}
   * @param residual the query tokens, {@code [B*Q, D]}: x itself, or a copy of the last tokens
   */
  void forward(Program program, INDArray x, INDArray residual) {
    readKeys(program, x);
    if (queryTokens != normed) {
      program.copy(lastTokens(normed), perRow(queryTokens));
    }
    toQ.forward(program, q);
    for (int head = 0; head < heads; head++) {
      program.matmul(ABT, scale(), part(q, head), part(k, head), 0, ofHead(p, head));
    }
    mask.add(program, p.reshape('c', heads, p.length() / heads));
    program.softmax(p, p);
    for (int head = 0; head < heads; head++) {
      program.matmul(AB, ofHead(p, head), part(v, head), part(o, head));
    }
    addOutput(program, residual);
  }

  private void addOutput(Program program, INDArray residual) {
    if (!dropout.drops()) {
      toOut.addForward(program, residual);
      return;
    }
    INDArray y = buffers.scratch("branch", residual.shape());
    toOut.forward(program, y);
    dropout.apply(program, y, y);
    program.add(residual, y, residual);
  }

  /** Computes the span's keys and values alone, from x {@code [B*n, D]}. */
  void readKeys(Program program, INDArray x) {
    norm.forward(program, x, normed);
    project(program, toK, k);
    project(program, toV, v);
  }

  /** Writes a projection into the span's own part of all keys or values. */
  private void project(Program program, Linear linear, INDArray all) {
    if (own.span().from() == 0) {
      linear.forward(program, all.reshape('c', normed.shape()));
      return;
    }
    INDArray projected = buffers.scratch("projected", normed.shape());
    linear.forward(program, projected);
    program.copyRows(projected.reshape('c', batch, tokens, projected.size(1)), own.own(all));
  }

  /**
   * Adds the branch's gradient to that of its input, for the span of the whole sequence.
   *
   * @param dResidual gradient of the query tokens after the sum, {@code [B*Q, D]}
   * @param dx gradient of all tokens, {@code [B*n, D]}, which already holds dResidual
   */
  void backward(Program program, INDArray dResidual, INDArray dx) {
    INDArray dO = buffers.scratch("d o", o.shape());
    INDArray dY = dResidual;
    if (dropout.drops()) {
      dY = buffers.scratch("branch", dResidual.shape());
      dropout.apply(program, dResidual, dY);
    }
    toOut.backward(program, dY);
    toOut.inputGradient(program, dY, dO);
    INDArray dV = buffers.scratch("d v", normed.shape());
    INDArray dS = buffers.scratch("d scores", p.shape());
    for (int head = 0; head < heads; head++) {
      program.matmul(ATB, ofHead(p, head), part(dO, head), part(dV, head));
      program.matmul(ABT, part(dO, head), part(v, head), ofHead(dS, head));
    }
    softmaxBackward(program, dS);
    INDArray dQ = buffers.scratch("d q", q.shape());
    INDArray dK = buffers.scratch("d k", normed.shape());
    for (int head = 0; head < heads; head++) {
      program.matmul(AB, scale(), ofHead(dS, head), part(k, head), 0, part(dQ, head));
      program.matmul(ATB, scale(), ofHead(dS, head), part(q, head), 0, part(dK, head));
    }
    projectionsBackward(program, dQ, dK, dV, dx);
  }

  /** {@code dS = P (dP - rowsum(dP P))}, in place. */
  private void softmaxBackward(Program program, INDArray dP) {
    INDArray product = buffers.scratch("scores by their gradients", p.shape());
    INDArray along = buffers.scratch("along scores", p.size(0) * queries, 1);
    INDArray rows = dP.reshape('c', along.length(), tokens);
    program.multiply(dP, p, product);
    program.matmul(AB, product.reshape('c', rows.shape()), buffers.constant(1, tokens, 1), along);
    program.subtract(rows, along, rows);
    program.multiply(dP, p, dP);
  }

  private void projectionsBackward(
      Program program, INDArray dQ, INDArray dK, INDArray dV, INDArray dx) {
    INDArray dNormed = buffers.scratch("d normed", normed.shape());
    toQ.backward(program, dQ);
    toK.backwardOfShift(program, dK);
    toV.backward(program, dV);
    toK.inputGradient(program, dK, dNormed);
    toV.addInputGradient(program, dV, dNormed);
    queriesBackward(program, dQ, dNormed);
    norm.backward(program, dNormed, dNormed);
    program.add(dx, dNormed, dx);
  }

  private void queriesBackward(Program program, INDArray dQ, INDArray dNormed) {
    if (queryTokens == normed) {
      toQ.addInputGradient(program, dQ, dNormed);
      return;
    }
    INDArray dQueryTokens = buffers.scratch("d query tokens", queryTokens.shape());
    toQ.inputGradient(program, dQ, dQueryTokens);
    INDArray last = lastTokens(dNormed);
    program.add(last, perRow(dQueryTokens), last);
  }

  private double scale() {
    return 1 / Math.sqrt(d);
  }

  /** A head's part of tokens {@code [.., H*d]}: {@code [B, tokens, d]}. */
  private INDArray part(INDArray byToken, int head) {
    long inner = (long) heads * d;
    INDArray rows = byToken.reshape('c', batch, byToken.length() / batch / inner, inner);
    return Windows.third(rows, (long) head * d, (head + 1L) * d);
  }

  /** A head's part of scores {@code [H*B, Q, m]}: {@code [B, Q, m]}. */
  private INDArray ofHead(INDArray scores, int head) {
    return Windows.rows(scores, (long) head * batch, (head + 1L) * batch);
  }

  private INDArray lastTokens(INDArray all) {
    long dim = all.size(1);
    INDArray perRow = all.reshape('c', batch, tokens * dim);
    return Windows.columns(perRow, (tokens - queries) * dim, tokens * dim);
  }

  private INDArray perRow(INDArray x) {
    return x.reshape('c', batch, x.length() / batch);
  }
}
