package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The relative position bias all layers share, with the causal mask in it: a table {@code [N, H,
 * K]} over the query tokens of a span, heads and keys, where key 0 is the null key.
 *
 * <p>Distance {@code max(i - j, 0)} in raw indices; below 16 each has its own bucket, above they
 * grow logarithmically up to 128.
 */
final class PositionBias {
  private static final int BUCKETS = 32;
  private static final int EXACT = 16;
  private static final int FARTHEST = 128;
  private static final double MASKED = -1e9;

  private final Buffers buffers;
  private final Weights.Tensor embedding;
  private final int from;
  private final int queries;
  private final int keys;
  private final int heads;
  private final INDArray buckets;
  private final INDArray mask;
  private final INDArray table;
  private final INDArray gradient;

  /**
   * @param span the query tokens; keys are all tokens up to its last
   */
  PositionBias(Buffers buffers, Weights weights, Dalle2Shape shape, Span span) {
    this.buffers = buffers;
    this.embedding =
        weights.tensor(ParameterLayout.transformer("rel_pos_bias.relative_attention_bias.weight"));
    this.from = span.from();
    this.queries = span.length();
    this.keys = span.to() + 1;
    this.heads = shape.heads();
    this.buckets = buffers.constant(oneHotBuckets(), (long) queries * keys, BUCKETS);
    this.mask = buffers.constant(causalMask(), queries, heads, keys);
    this.table = buffers.own(queries, heads, keys);
    this.gradient = weights.training() ? buffers.own(queries, heads, keys) : null;
  }

  private double[] oneHotBuckets() {
    double[] oneHot = new double[queries * keys * BUCKETS];
    for (int i = 0; i < queries; i++) {
      for (int j = 0; j < keys; j++) {
        oneHot[(i * keys + j) * BUCKETS + bucket(Math.max(from + i - j, 0))] = 1;
      }
    }
    return oneHot;
  }

  static int bucket(int distance) {
    if (distance < EXACT) {
      return distance;
    }
    double share = Math.log((double) distance / EXACT) / Math.log((double) FARTHEST / EXACT);
    return Math.min(EXACT + (int) (share * (BUCKETS - EXACT)), BUCKETS - 1);
  }

  private double[] causalMask() {
    double[] values = new double[queries * heads * keys];
    for (int i = 0; i < values.length; i++) {
      int query = from + i / (heads * keys);
      int key = i % keys;
      values[i] = key > query + 1 ? MASKED : 0;
    }
    return values;
  }

  /** Fills the table from the embedding. */
  void forward(Program program) {
    INDArray byKey = buffers.scratch("bias by key", (long) queries * keys, heads);
    program.matmul(AB, buckets, embedding.value(), byKey);
    program.copy(byKey.reshape('c', queries, keys, heads).permute(0, 2, 1), table);
    program.add(table, mask, table);
  }

  /** Starts a backward pass: no layer has contributed yet. */
  void clearGradient(Program program) {
    program.scale(gradient, 0, gradient);
  }

  /** Sends the gradient all layers summed to the embedding. */
  void backward(Program program) {
    INDArray byKey = buffers.scratch("bias by key", (long) queries * keys, heads);
    program.copy(gradient.permute(0, 2, 1), byKey.reshape('c', queries, keys, heads));
    program.matmul(ATB, buckets, byKey, embedding.gradient());
  }

  /** The table of the last {@code count} query tokens as one row, {@code [1, count * H * K]}. */
  INDArray rows(int count) {
    return lastRows(table, count);
  }

  /** Where layers add the gradient of {@link #rows}. */
  INDArray gradientRows(int count) {
    return lastRows(gradient, count);
  }

  private INDArray lastRows(INDArray array, int count) {
    long perQuery = (long) heads * keys;
    INDArray flat = array.reshape('c', 1, queries * perQuery);
    return Windows.columns(flat, (queries - count) * perQuery, queries * perQuery);
  }
}
