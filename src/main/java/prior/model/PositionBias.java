package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ATB;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The relative position bias all layers share, with the causal mask in it: a table {@code [N, H,
 * N+1]} over query token, head and key, where key 0 is the null key.
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
  private final int tokens;
  private final int heads;
  private final INDArray buckets;
  private final INDArray mask;
  private final INDArray table;
  private final INDArray gradient;
  private final List<Window> windows = new ArrayList<>();

  PositionBias(Buffers buffers, Weights weights, Dalle2Shape shape) {
    this.buffers = buffers;
    this.embedding =
        weights.tensor(ParameterLayout.transformer("rel_pos_bias.relative_attention_bias.weight"));
    this.tokens = shape.tokens();
    this.heads = shape.heads();
    this.buckets = buffers.constant(oneHotBuckets(), (long) tokens * (tokens + 1), BUCKETS);
    this.mask = buffers.constant(causalMask(), tokens, heads, tokens + 1);
    this.table = buffers.own(tokens, heads, tokens + 1);
    this.gradient = weights.training() ? buffers.own(tokens, heads, tokens + 1) : null;
  }

  private double[] oneHotBuckets() {
    double[] oneHot = new double[tokens * (tokens + 1) * BUCKETS];
    for (int i = 0; i < tokens; i++) {
      for (int j = 0; j <= tokens; j++) {
        oneHot[(i * (tokens + 1) + j) * BUCKETS + bucket(Math.max(i - j, 0))] = 1;
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
    double[] values = new double[tokens * heads * (tokens + 1)];
    for (int i = 0; i < values.length; i++) {
      int query = i / (heads * (tokens + 1));
      int key = i % (tokens + 1);
      values[i] = key > query + 1 ? MASKED : 0;
    }
    return values;
  }

  /** Fills the table from the embedding. */
  void forward(Program program) {
    INDArray byKey = buffers.scratch("bias by key", (long) tokens * (tokens + 1), heads);
    program.matmul(AB, buckets, embedding.value(), byKey);
    program.copy(byKey.reshape('c', tokens, tokens + 1, heads).permute(0, 2, 1), table);
    program.add(table, mask, table);
    windows.forEach(window -> window.forward(program));
  }

  /** Starts a backward pass: no layer has contributed yet. */
  void clearGradient(Program program) {
    program.scale(gradient, 0, gradient);
    windows.forEach(window -> window.clearGradient(program));
  }

  /** Sends the gradient all layers summed to the embedding. */
  void backward(Program program) {
    windows.forEach(window -> window.backward(program));
    INDArray byKey = buffers.scratch("bias by key", (long) tokens * (tokens + 1), heads);
    program.copy(gradient.permute(0, 2, 1), byKey.reshape('c', tokens, tokens + 1, heads));
    program.matmul(ATB, buckets, byKey, embedding.gradient());
  }

  /**
   * The part of the table that queries look at.
   *
   * @param queries how many query tokens, the last before {@code to}
   * @param to the tokens that have keys
   */
  Window window(int queries, int to) {
    for (Window known : windows) {
      if (known.queries == queries && known.to == to) {
        return known;
      }
    }
    Window window = new Window(queries, to);
    windows.add(window);
    return window;
  }

  /** Some query tokens' rows of the table over the keys up to a token. */
  final class Window {
    private final int queries;
    private final int to;
    private final INDArray rows;
    private final INDArray dRows;

    private Window(int queries, int to) {
      this.queries = queries;
      this.to = to;
      this.rows = buffers.own(queries, heads, to + 1L);
      this.dRows = gradient == null ? null : buffers.own(queries, heads, to + 1L);
    }

    /** As one row, {@code [1, queries * H * (to+1)]}. */
    INDArray rows() {
      return rows.reshape('c', 1, rows.length());
    }

    /** Where layers add the gradient of {@link #rows}. */
    INDArray gradientRows() {
      return dRows.reshape('c', 1, dRows.length());
    }

    private void forward(Program program) {
      program.copy(part(table), rows);
    }

    private void clearGradient(Program program) {
      program.scale(dRows, 0, dRows);
    }

    private void backward(Program program) {
      program.add(part(gradient), dRows, part(gradient));
    }

    private INDArray part(INDArray all) {
      INDArray ofQueries = Windows.rows(all, to - (long) queries, to);
      return Windows.last(ofQueries, 0, to + 1L);
    }
  }
}
