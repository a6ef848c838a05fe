package prior.infer;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.checkpoint.PlainJson;

/**
 * The measures of {@link Evaluation}; those with texts are NaN where texts have another width than
 * images, diversity where texts have one sample.
 *
 * @param intervals of the means; empty where none were asked for
 */
public record EvalReport(int rows, Map<Measure, Double> means, Map<Measure, Interval> intervals) {

  public EvalReport {
    means = Collections.unmodifiableMap(new EnumMap<>(means));
    intervals = Map.copyOf(intervals);
  }

  /** The table for the console. */
  public String table() {
    StringBuilder table = new StringBuilder();
    table.append(String.format(Locale.ROOT, "%,d pairs", rows));
    table.append(intervals.isEmpty() ? "" : "; in brackets 95 % intervals over pairs").append('\n');
    if (Double.isNaN(means.get(Measure.COSINE_TEXT_IMAGE))) {
      table.append("  texts cannot be compared with images: their embeddings have another width\n");
    }
    means.forEach((measure, mean) -> line(table, measure, mean));
    return table.toString();
  }

  private void line(StringBuilder table, Measure measure, double mean) {
    if (!Double.isNaN(mean)) {
      Interval interval = intervals.get(measure);
      String within =
          interval == null
              ? ""
              : String.format(Locale.ROOT, " [%.4f, %.4f]", interval.low(), interval.high());
      table.append(
          String.format(
              Locale.ROOT,
              "  %-30s %8.4f%s   %s%n",
              measure.label(),
              mean,
              within,
              measure.meaning()));
    }
  }

  /** The same as one JSON object; null for what was not measured. */
  public ObjectNode json() {
    ObjectNode json = PlainJson.object();
    json.put("rows", rows);
    means.forEach((measure, mean) -> json.put(measure.key(), Double.isNaN(mean) ? null : mean));
    ObjectNode within = json.putObject("intervals");
    for (Measure measure : Measure.values()) {
      if (intervals.containsKey(measure)) {
        put(within, measure.key(), intervals.get(measure));
      }
    }
    return json;
  }

  static void put(ObjectNode json, String key, Interval interval) {
    json.putArray(key).add(interval.low()).add(interval.high());
  }
}
