package prior.infer;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.checkpoint.PlainJson;

/** Two models side by side, measured on the same pairs. */
public final class Comparison {
  private final String model;
  private final String other;
  private final PairMeasures mine;
  private final PairMeasures theirs;
  private final PairMeasures differences;
  private final Map<Measure, Interval> intervals;

  /**
   * Compares.
   *
   * @param model names the model that {@code mine} are of
   * @param other names that of {@code theirs}
   */
  public Comparison(
      String model, PairMeasures mine, String other, PairMeasures theirs, Bootstrap bootstrap) {
    this.model = model;
    this.other = other;
    this.mine = mine;
    this.theirs = theirs;
    this.differences = mine.minus(theirs);
    this.intervals = differences.intervals(bootstrap);
  }

  /** Mean of A - B, as the table shows it with its interval. */
  String shown(Measure measure) {
    Interval interval = intervals.get(measure);
    return String.format(
        Locale.ROOT,
        "%+8.4f   [%+.4f, %+.4f]",
        differences.mean(measure),
        interval.low(),
        interval.high());
  }

  /** The table for the console, and in words which model is better in what. */
  public String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "%,d pairs, A compared with B%n  A  %s%n  B  %s%n",
            mine.rows(),
            model,
            other));
    table.append(
        String.format(
            "  %-30s %8s %8s %8s   %s%n", "", "A", "B", "A - B", "95 % interval over pairs"));
    differences.known().forEach(measure -> line(table, measure));
    words(table, Verdict.A_IS_BETTER);
    words(table, Verdict.B_IS_BETTER);
    words(table, Verdict.NOT_DISTINGUISHABLE);
    return table.toString();
  }

  private void line(StringBuilder table, Measure measure) {
    table.append(
        String.format(
            Locale.ROOT,
            "  %-30s %8.4f %8.4f %s %s%n",
            measure.label(),
            mine.mean(measure),
            theirs.mean(measure),
            shown(measure),
            verdict(measure).words()));
  }

  private Verdict verdict(Measure measure) {
    return Verdict.of(measure, intervals.get(measure));
  }

  private void words(StringBuilder table, Verdict verdict) {
    String measures =
        differences.known().stream()
            .filter(measure -> verdict(measure) == verdict)
            .map(Measure::label)
            .collect(Collectors.joining("; "));
    table.append(
        String.format("  %s: %s%n", verdict.words(), measures.isEmpty() ? "nothing" : measures));
  }

  /** The same as one JSON object. */
  public ObjectNode json() {
    ObjectNode json = PlainJson.object();
    json.put("rows", mine.rows());
    json.put("model", model);
    json.put("other", other);
    ObjectNode measures = json.putObject("measures");
    for (Measure measure : differences.known()) {
      ObjectNode one = measures.putObject(measure.key());
      one.put("model", mine.mean(measure));
      one.put("other", theirs.mean(measure));
      one.put("difference", differences.mean(measure));
      EvalReport.put(one, "interval", intervals.get(measure));
      one.put("verdict", verdict(measure).key());
    }
    return json;
  }
}
