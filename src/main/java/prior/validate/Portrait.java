package prior.validate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import prior.infer.Cosine;
import prior.infer.Evaluation;
import prior.train.Validation;

/** What is drawn of predictions: histograms of cosines, and a projection. */
final class Portrait {
  private static final int BINS = 100;
  private static final int MOST_POINTS = 500;

  private Portrait() {}

  static Validation.Picture of(List<Evaluation.Row> rows, float[] meanImage) {
    long[] own = new long[BINS];
    long[] unrelated = new long[BINS];
    long[] mean = new long[BINS];
    for (int i = 0; i < rows.size(); i++) {
      Evaluation.Row row = rows.get(i);
      float[] other = rows.get((i + rows.size() - 1) % rows.size()).image();
      count(own, Cosine.of(row.predicted(), row.image()));
      count(unrelated, Cosine.of(row.predicted(), other));
      count(mean, Cosine.of(meanImage, row.image()));
    }
    Map<String, long[]> histograms = new LinkedHashMap<>();
    histograms.put("own_image", own);
    histograms.put("unrelated_image", unrelated);
    histograms.put("mean_image", mean);
    List<Evaluation.Row> shown = rows.subList(0, Math.min(MOST_POINTS, rows.size()));
    PrincipalAxes axes = new PrincipalAxes(shown.stream().map(Evaluation.Row::image).toList());
    return new Validation.Picture(
        edges(),
        histograms,
        shown.stream().map(row -> axes.of(row.predicted())).toList(),
        shown.stream().map(row -> axes.of(row.image())).toList());
  }

  private static List<Double> edges() {
    List<Double> edges = new ArrayList<>();
    for (int i = 0; i <= BINS; i++) {
      edges.add((2.0 * i - BINS) / BINS);
    }
    return edges;
  }

  private static void count(long[] bins, double cosine) {
    int bin = (int) Math.floor((cosine + 1) / 2 * BINS);
    bins[Math.max(0, Math.min(BINS - 1, bin))]++;
  }
}
