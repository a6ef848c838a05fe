package prior.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import prior.data.NamedRandom;

/**
 * How far means over rows would have differed with other rows of their kind: rows are drawn again,
 * with repetition, and the middle 95 % of their means is the interval (percentile bootstrap; Efron,
 * Tibshirani, An Introduction to the Bootstrap, 13.3). Several columns are drawn alike, so that
 * differences of two models on the same rows are paired.
 *
 * @param draws as many means are taken
 */
public record Bootstrap(long seed, int draws) {
  private static final double OUTSIDE = 0.025;

  /** Which rows a draw takes. */
  @FunctionalInterface
  interface Rows {
    int[] of(int draw, int rows);
  }

  /** The interval of the mean of each column; all have one length. */
  List<Interval> intervals(List<double[]> columns) {
    return intervals(columns, draws, this::rows);
  }

  /** By the draw's name alone. */
  private int[] rows(int draw, int rows) {
    NamedRandom random = NamedRandom.of(seed, "bootstrap", draw);
    return IntStream.generate(() -> random.nextInt(rows)).limit(rows).toArray();
  }

  static List<Interval> intervals(List<double[]> columns, int draws, Rows rows) {
    double[][] means = new double[columns.size()][draws];
    IntStream.range(0, draws)
        .parallel()
        .forEach(
            draw -> {
              int[] drawn = columns.isEmpty() ? null : rows.of(draw, columns.get(0).length);
              for (int column = 0; column < means.length; column++) {
                means[column][draw] = mean(columns.get(column), drawn);
              }
            });
    List<Interval> intervals = new ArrayList<>();
    for (double[] column : means) {
      Arrays.sort(column);
      intervals.add(new Interval(quantile(column, OUTSIDE), quantile(column, 1 - OUTSIDE)));
    }
    return intervals;
  }

  private static double mean(double[] values, int[] rows) {
    double sum = 0;
    for (int row : rows) {
      sum += values[row];
    }
    return sum / rows.length;
  }

  /** Between the two nearest of sorted values, as NumPy's {@code linear} method has it. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
