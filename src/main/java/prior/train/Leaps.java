package prior.train;

import java.util.ArrayDeque;
import java.util.Deque;
import prior.conf.DivergenceConf;

/**
 * Tells a leap of the loss or the gradient norm from their noise: a round's value beyond a multiple
 * of the median of the rounds before. Values that are no number are left to who meets them.
 */
public final class Leaps {
  private final DivergenceConf conf;
  private final Deque<Double> losses = new ArrayDeque<>();
  private final Deque<Double> norms = new ArrayDeque<>();

  public Leaps(DivergenceConf conf) {
    this.conf = conf;
  }

  /**
   * Takes in a round's means; says what has leapt, in words, empty where nothing has.
   *
   * @param gradientNorm before clipping
   */
  public String add(double loss, double gradientNorm) {
    String what = leap("loss", loss, losses, conf.lossFactor());
    return what.isEmpty() ? leap("gradient norm", gradientNorm, norms, conf.normFactor()) : what;
  }

  private String leap(String name, double value, Deque<Double> before, double factor) {
    if (!Double.isFinite(value)) {
      return "";
    }
    double median = median(before);
    boolean judged = before.size() >= (conf.window() + 1) / 2;
    if (judged && value > factor * median) {
      return "expected a %s of at most %s, %s medians of the rounds before, found %s"
          .formatted(name, factor * median, factor, value);
    }
    before.addLast(value);
    if (before.size() > conf.window()) {
      before.removeFirst();
    }
    return "";
  }

  private static double median(Deque<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
