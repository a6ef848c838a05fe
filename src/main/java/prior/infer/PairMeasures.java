package prior.infer;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Each pair's value of each measure; NaN for what cannot be measured. */
public final class PairMeasures {
  private final int rows;
  private final Map<Measure, double[]> values = new EnumMap<>(Measure.class);

  private PairMeasures(int rows) {
    this.rows = rows;
    for (Measure measure : Measure.values()) {
      values.put(measure, new double[rows]);
    }
  }

  /**
   * Measures; the unrelated text of a row is its predecessor's, the first row's the last one's, as
   * the reference rolls them.
   *
   * @param meanImage the mean image embedding of the training pairs
   */
  static PairMeasures of(List<Evaluation.Row> rows, float[] meanImage) {
    PairMeasures measures = new PairMeasures(rows.size());
    IntStream.range(0, rows.size())
        .parallel()
        .forEach(
            i -> {
              Evaluation.Row before = rows.get((i + rows.size() - 1) % rows.size());
              measures.cosines(i, rows.get(i), before.text(), meanImage);
              measures.ranks(i, rank(rows, i));
            });
    return measures;
  }

  private void cosines(int at, Evaluation.Row row, float[] unrelated, float[] meanImage) {
    double baseline = cosine(row.text(), row.image());
    double withText = cosine(row.text(), row.predicted());
    put(Measure.COSINE_TEXT_IMAGE, at, baseline);
    put(Measure.COSINE_PREDICTED_TEXT, at, withText);
    put(Measure.COSINE_DIFFERENCE, at, withText - baseline);
    put(Measure.COSINE_PREDICTED_UNRELATED_TEXT, at, cosine(unrelated, row.predicted()));
    put(Measure.COSINE_PREDICTED_IMAGE, at, cosine(row.image(), row.predicted()));
    put(Measure.COSINE_MEAN_IMAGE, at, cosine(meanImage, row.image()));
    put(Measure.DIVERSITY, at, row.apart());
  }

  private void ranks(int at, int rank) {
    put(Measure.RECALL_AT_1, at, rank <= 1 ? 1 : 0);
    put(Measure.RECALL_AT_5, at, rank <= 5 ? 1 : 0);
    put(Measure.RECALL_AT_10, at, rank <= 10 ? 1 : 0);
  }

  private void put(Measure measure, int at, double value) {
    values.get(measure)[at] = value;
  }

  /** NaN between a text and images of another width. */
  private static double cosine(float[] a, float[] b) {
    return a.length == b.length ? Cosine.of(a, b) : Double.NaN;
  }

  /** How many images are at least as near to a prediction as its own, itself included. */
  private static int rank(List<Evaluation.Row> rows, int own) {
    float[] predicted = rows.get(own).predicted();
    double wanted = Cosine.of(rows.get(own).image(), predicted);
    int rank = 0;
    for (Evaluation.Row row : rows) {
      rank += Cosine.of(row.image(), predicted) >= wanted ? 1 : 0;
    }
    return rank;
  }

  int rows() {
    return rows;
  }

  /** The value of each pair. */
  double[] of(Measure measure) {
    return values.get(measure).clone();
  }

  double mean(Measure measure) {
    return Arrays.stream(values.get(measure)).sum() / rows;
  }

  /** The measures that there are, in their order. */
  List<Measure> known() {
    return Arrays.stream(Measure.values()).filter(measure -> !Double.isNaN(mean(measure))).toList();
  }

  /** What these exceed those of other predictions by, pair by pair. */
  PairMeasures minus(PairMeasures others) {
    PairMeasures differences = new PairMeasures(rows);
    values.forEach(
        (measure, mine) ->
            Arrays.setAll(
                differences.values.get(measure), i -> mine[i] - others.values.get(measure)[i]));
    return differences;
  }

  /** Where the means lie that other pairs of their kind would have had. */
  Map<Measure, Interval> intervals(Bootstrap bootstrap) {
    Map<Measure, Interval> intervals = new EnumMap<>(Measure.class);
    List<Measure> known = known();
    List<Interval> found = bootstrap.intervals(known.stream().map(values::get).toList());
    for (int i = 0; i < found.size(); i++) {
      intervals.put(known.get(i), found.get(i));
    }
    return intervals;
  }

  /** The means. */
  EvalReport report() {
    Map<Measure, Double> means = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      means.put(measure, mean(measure));
    }
    return new EvalReport(rows, means, Map.of());
  }

  /** The means with their intervals. */
  public EvalReport report(Bootstrap bootstrap) {
    return new EvalReport(rows, report().means(), intervals(bootstrap));
  }
}
