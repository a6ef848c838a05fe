package prior.validate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import prior.train.Validation;

/** Sums of losses over elements, by bands of timesteps. */
public final class LossSums implements Serializable {
  private static final long serialVersionUID = 1;

  private final double[] loss = new double[FixedDraws.BANDS];
  private final double[] squared = new double[FixedDraws.BANDS];
  private final long[] elements = new long[FixedDraws.BANDS];

  /** Takes in some elements of one band. */
  void add(int band, double lossSum, double squaredSum, long count) {
    loss[band] += lossSum;
    squared[band] += squaredSum;
    elements[band] += count;
  }

  /** Takes in others. */
  public void add(LossSums other) {
    for (int band = 0; band < FixedDraws.BANDS; band++) {
      add(band, other.loss[band], other.squared[band], other.elements[band]);
    }
  }

  /** Their means. */
  public Validation.Losses means() {
    double lossSum = 0;
    double squaredSum = 0;
    long count = 0;
    List<Double> byTime = new ArrayList<>();
    for (int band = 0; band < FixedDraws.BANDS; band++) {
      lossSum += loss[band];
      squaredSum += squared[band];
      count += elements[band];
      byTime.add(loss[band] / elements[band]);
    }
    return new Validation.Losses(lossSum / count, List.copyOf(byTime), squaredSum / count);
  }
}
