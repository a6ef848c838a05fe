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
 * spans. {@code Q} query tokens a row: all, or the last where no other is read afterwards.
 */
final class UnclipAttention {
  private final Buffers buffers;
  private final UnclipMask mask;
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
    this.q = buffers.kept("q", (long) batch * heads, queries, d);
    this.k = own.keys();
    this.v = own.values();
    this.p = buffers.kept("p", (long) batch * heads, queries, own.span().to());
    this.o = buffers.kept("o", (long) batch * queries, inner);
    this.toOut = new Linear(buffers, weights, prefix + "attn1.to_out.0", o);
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
    project(program, toQ, q.reshape('c', batch, heads, queries, d), queries);
    program.matmul(ABT, 1 / Math.sqrt(d), q, k, 0, p);
    mask.add(program, p.reshape('c', batch, heads, (long) queries * own.span().to()));
    program.softmax(p, p);
    INDArray perHead = buffers.scratch("o by head", q.shape());
    program.matmul(AB, p, v, perHead);
    toTokens(program, perHead, queries, o);
    toOut.addForward(program, residual);
  }

  /** Computes the span's keys and values alone, from x {@code [B*n, D]}. */
  void readKeys(Program program, INDArray x) {
    norm.forward(program, x, normed);
    project(program, toK, own.own(k), tokens);
    project(program, toV, own.own(v), tokens);
  }

  /** A projection of tokens, laid out by head: {@code [B, H, count, d]}. */
  private void project(Program program, Linear linear, INDArray into, int count) {
    INDArray projected = buffers.scratch("projected", (long) batch * count, (long) heads * d);
    linear.forward(program, projected);
    program.copy(byHead(projected, count), into);
  }

  /**
   * Adds the branch's gradient to that of its input, for the span of the whole sequence.
   *
   * @param dResidual gradient of the query tokens after the sum, {@code [B*Q, D]}
   * @param dx gradient of all tokens, {@code [B*n, D]}, which already holds dResidual
   */
  void backward(Program program, INDArray dResidual, INDArray dx) {
    INDArray dO = buffers.scratch("d o", o.shape());
    INDArray dOByHead = buffers.scratch("o by head", q.shape());
    toOut.backward(program, dResidual);
    toOut.inputGradient(program, dResidual, dO);
    toHeads(program, dO, queries, dOByHead);
    INDArray dV = buffers.scratch("d v", v.shape());
    program.matmul(ATB, p, dOByHead, dV);
    INDArray dS = softmaxBackward(program, dO, dOByHead);
    INDArray dQ = buffers.scratch("d q", q.shape());
    INDArray dK = buffers.scratch("d k", k.shape());
    double scale = 1 / Math.sqrt(d);
    program.matmul(AB, scale, dS, k, 0, dQ);
    program.matmul(ATB, scale, dS, q, 0, dK);
    INDArray dNormed = buffers.scratch("d normed", normed.shape());
    toK.inputGradient(program, gradient(program, toK, dK, tokens), dNormed);
    toV.addInputGradient(program, gradient(program, toV, dV, tokens), dNormed);
    queriesBackward(program, gradient(program, toQ, dQ, queries), dNormed);
    norm.backward(program, dNormed, dNormed);
    program.add(dx, dNormed, dx);
  }

  /** {@code dS = P (dP - rowsum(dO O))}. */
  private INDArray softmaxBackward(Program program, INDArray dO, INDArray dOByHead) {
    INDArray product = buffers.scratch("projected", o.shape());
    INDArray byHead = buffers.scratch("along o by head", q.shape());
    INDArray along = buffers.scratch("along o", q.length() / d, 1);
    program.multiply(dO, o, product);
    toHeads(program, product, queries, byHead);
    program.matmul(AB, byHead.reshape('c', along.length(), d), buffers.constant(1, d, 1), along);
    INDArray dS = buffers.scratch("d scores", p.shape());
    program.matmul(ABT, dOByHead, v, dS);
    INDArray rows = dS.reshape('c', along.length(), tokens);
    program.subtract(rows, along, rows);
    program.multiply(dS, p, dS);
    return dS;
  }

  /** The gradient of a projection's output, by token; writes its weights'. */
  private INDArray gradient(Program program, Linear linear, INDArray dByHead, int count) {
    INDArray dProjected = buffers.scratch("projected", (long) batch * count, (long) heads * d);
    toTokens(program, dByHead, count, dProjected);
    linear.backward(program, dProjected);
    return dProjected;
  }

  private void queriesBackward(Program program, INDArray dProjected, INDArray dNormed) {
    if (queryTokens == normed) {
      toQ.addInputGradient(program, dProjected, dNormed);
      return;
    }
    INDArray dQueryTokens = buffers.scratch("d query tokens", queryTokens.shape());
    toQ.inputGradient(program, dProjected, dQueryTokens);
    INDArray last = lastTokens(dNormed);
    program.add(last, perRow(dQueryTokens), last);
  }

  /** {@code [B*count, H*d]} to {@code [B*H, count, d]}. */
  private void toHeads(Program program, INDArray byToken, int count, INDArray byHead) {
    program.copy(byHead(byToken, count), byHead.reshape('c', batch, heads, count, d));
  }

  private INDArray byHead(INDArray byToken, int count) {
    return byToken.reshape('c', batch, count, heads, d).permute(0, 2, 1, 3);
  }

  /** {@code [B*H, count, d]} to {@code [B*count, H*d]}. */
  private void toTokens(Program program, INDArray byHead, int count, INDArray byToken) {
    INDArray from = byHead.reshape('c', batch, heads, count, d).permute(0, 2, 1, 3);
    program.copy(from, byToken.reshape('c', batch, count, heads, d));
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
