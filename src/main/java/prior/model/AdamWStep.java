package prior.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A whole optimizer step over vectors in host memory: the gradient's length in one pass over it,
 * then clip, decay, Adam and moving average in one pass over everything, each lane its part. What
 * {@link AdamWUpdater}, {@link WeightDecayRule} and an average do one after another.
 */
final class AdamWStep {
  private static final double CLIP_EPSILON = 1e-6;

  private final AdamW config;
  private final WeightDecayRule decay;
  private final List<Run> runs;
  private final Lanes lanes;
  private final HostVector parameters;
  private final HostVector gradient;
  private final HostVector m;
  private final HostVector v;
  private HostVector average;

  /** Elements {@code from} to {@code to} of the vectors, with one decay. */
  private record Run(int from, int to, boolean decays) {

    /** The part of it that is a lane's. */
    Run within(int first, int last) {
      return new Run(Math.max(from, first), Math.min(to, last), decays);
    }
  }

  /**
   * @param moments Adam's first, then second moments
   */
  AdamWStep(
      AdamW config,
      WeightDecayRule decay,
      ParameterLayout layout,
      Lanes lanes,
      INDArray parameters,
      INDArray gradient,
      INDArray moments) {
    this.config = config;
    this.decay = decay;
    this.runs = runs(layout, decay);
    this.lanes = lanes;
    this.parameters = new HostVector(parameters);
    this.gradient = new HostVector(gradient);
    INDArray both = moments.reshape(moments.length());
    long half = both.length() / 2;
    this.m = new HostVector(Windows.elements(both, 0, half));
    this.v = new HostVector(Windows.elements(both, half, 2 * half));
  }

  /** Neighbours of one decay make one run. */
  private static List<Run> runs(ParameterLayout layout, WeightDecayRule decay) {
    List<Run> runs = new ArrayList<>();
    for (Parameter parameter : layout.parameters()) {
      boolean decays = decay.decays(parameter);
      int from = Math.toIntExact(parameter.offset());
      int to = Math.toIntExact(parameter.offset() + parameter.length());
      Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last != null && last.decays() == decays) {
        runs.set(runs.size() - 1, new Run(last.from(), to, decays));
      } else {
        runs.add(new Run(from, to, decays));
      }
    }
    return runs;
  }

  /** Keeps the average in an array; null for none. */
  void average(INDArray array) {
    this.average = array == null ? null : new HostVector(array);
  }

  /**
   * Takes step k, counted from 0, and returns the gradient's length before clipping.
   *
   * @param kept the share of the old average that stays; 1 leaves it alone
   */
  double apply(long k, double kept) {
    double[] squares = new double[lanes.count()];
    lanes.run(lane -> squares[lane] = squares(bound(lane), bound(lane + 1)));
    double norm = Math.sqrt(Arrays.stream(squares).sum());
    Factors factors = factors(k, Math.min(1, config.maxGradientNorm() / (norm + CLIP_EPSILON)));
    lanes.run(
        lane -> {
          Blocks blocks = new Blocks();
          for (Run run : runs) {
            update(run.within(bound(lane), bound(lane + 1)), factors, (float) kept, blocks);
          }
        });
    return norm;
  }

  private int bound(int lane) {
    long length = runs.get(runs.size() - 1).to();
    return (int) (length * lane / lanes.count());
  }

  private double squares(int from, int to) {
    float[] block = new float[HostVector.BLOCK];
    RowSums sums = new RowSums(block.length);
    double sum = 0;
    for (int at = from; at < to; at += block.length) {
      int count = Math.min(block.length, to - at);
      gradient.get(at, block, count);
      sum += sums.product(block, block, count);
    }
    return sum;
  }

  private Factors factors(long k, double clip) {
    double rate = config.getLearningRate(Math.toIntExact(k), 0);
    double correction1 = 1 - Math.pow(config.beta1(), k + 1.0);
    double correction2 = Math.sqrt(1 - Math.pow(config.beta2(), k + 1.0));
    return new Factors(
        (float) clip,
        (float) config.beta1(),
        (float) config.beta2(),
        (float) (rate / correction1),
        (float) (1 / correction2),
        (float) config.epsilon(),
        (float) (1 - rate * decay.rate()));
  }

  private record Factors(
      float clip,
      float beta1,
      float beta2,
      float rate,
      float rootFactor,
      float epsilon,
      float decayed) {}

  /** A lane's blocks of the vectors. */
  private static final class Blocks {
    private final float[] p = new float[HostVector.BLOCK];
    private final float[] g = new float[HostVector.BLOCK];
    private final float[] m = new float[HostVector.BLOCK];
    private final float[] v = new float[HostVector.BLOCK];
    private final float[] a = new float[HostVector.BLOCK];
  }

  private void update(Run run, Factors factors, float kept, Blocks block) {
    float decayed = run.decays() ? factors.decayed() : 1;
    for (int at = run.from(); at < run.to(); at += HostVector.BLOCK) {
      int count = Math.min(HostVector.BLOCK, run.to() - at);
      gradient.get(at, block.g, count);
      m.get(at, block.m, count);
      v.get(at, block.v, count);
      parameters.get(at, block.p, count);
      moments(block.g, block.m, block.v, factors, count);
      move(block.p, block.m, block.v, factors, decayed, count);
      m.put(at, block.m, count);
      v.put(at, block.v, count);
      parameters.put(at, block.p, count);
      if (average != null && kept < 1) {
        average.get(at, block.a, count);
        blend(block.a, block.p, kept, count);
        average.put(at, block.a, count);
      }
    }
  }

  /** {@code m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2} of the clipped gradient. */
  private static void moments(float[] g, float[] m, float[] v, Factors factors, int count) {
    float clip = factors.clip();
    float beta1 = factors.beta1();
    float beta2 = factors.beta2();
    for (int i = 0; i < count; i++) {
      float clipped = g[i] * clip;
      m[i] = beta1 * m[i] + (1 - beta1) * clipped;
      v[i] = beta2 * v[i] + (1 - beta2) * clipped * clipped;
    }
  }

  /** {@code p = (1 - rate decay) p - rate mHat / (sqrt(vHat) + epsilon)}. */
  private static void move(
      float[] p, float[] m, float[] v, Factors factors, float decayed, int count) {
    float rate = factors.rate();
    float rootFactor = factors.rootFactor();
    float epsilon = factors.epsilon();
    for (int i = 0; i < count; i++) {
      float root = (float) Math.sqrt(v[i]) * rootFactor + epsilon;
      p[i] = decayed * p[i] - rate * m[i] / root;
    }
  }

  private static void blend(float[] average, float[] p, float kept, int count) {
    float fresh = 1 - kept;
    for (int i = 0; i < count; i++) {
      average[i] = kept * average[i] + fresh * p[i];
    }
  }
}
