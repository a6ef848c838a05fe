package prior.infer;

import java.util.List;
import java.util.Locale;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.checkpoint.PlainJson;
import prior.conf.InferConf;

/** One model sampled in several ways. */
public record Sweep(List<Point> points) {
  private static final List<Measure> SHOWN =
      List.of(
          Measure.COSINE_PREDICTED_IMAGE,
          Measure.COSINE_PREDICTED_TEXT,
          Measure.COSINE_DIFFERENCE,
          Measure.RECALL_AT_1,
          Measure.RECALL_AT_10,
          Measure.DIVERSITY);

  /**
   * One way to sample.
   *
   * @param rowsPerSecond texts a second of the whole Spark job
   * @param gain what it exceeds the plain evaluation by, pair by pair
   */
  public record Point(InferConf infer, double rowsPerSecond, EvalReport report, Comparison gain) {}

  public Sweep {
    points = List.copyOf(points);
  }

  /** The table for the console. */
  public String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            "%6s %10s %8s %9s %9s %10s %9s %9s %9s %9s   %s%n",
            "steps",
            "cond_scale",
            "samples",
            "cos image",
            "cos text",
            "difference",
            "recall@1",
            "recall@10",
            "diversity",
            "rows/s",
            "cos image beside the settings of infer"));
    points.forEach(point -> line(table, point));
    return table + "cos image rewards the mean image: weigh it against diversity and recall\n";
  }

  private static void line(StringBuilder table, Point point) {
    InferConf infer = point.infer();
    table.append(
        String.format(
            Locale.ROOT, "%6s %10s %8d", infer.steps(), infer.textScale(), infer.samplesPerText()));
    for (Measure measure : SHOWN) {
      double mean = point.report().means().get(measure);
      int width = measure == Measure.COSINE_DIFFERENCE ? 10 : 9;
      table.append(
          String.format(Locale.ROOT, " %" + width + "s", Double.isNaN(mean) ? "-" : number(mean)));
    }
    table.append(
        String.format(
            Locale.ROOT,
            " %9.1f %s%n",
            point.rowsPerSecond(),
            point.gain().shown(Measure.COSINE_PREDICTED_IMAGE)));
  }

  private static String number(double mean) {
    return String.format(Locale.ROOT, "%.4f", mean);
  }

  /** The same as one JSON object. */
  public ObjectNode json() {
    ObjectNode json = PlainJson.object();
    ArrayNode all = json.putArray("points");
    for (Point point : points) {
      ObjectNode one = all.addObject();
      one.put("steps", point.infer().steps());
      one.put("cond_scale", point.infer().textScale());
      one.put("samples_per_text", point.infer().samplesPerText());
      one.put("rows_per_second", point.rowsPerSecond());
      one.setAll(point.report().json());
      one.set("beside_infer", point.gain().json().get("measures"));
    }
    return json;
  }
}
