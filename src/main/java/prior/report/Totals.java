package prior.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sums over all rounds of a run, and its mean loss in the first and the last tenth of them. */
final class Totals {
  private static final String[] SUMMED = {
    "rows",
    "skipped",
    "seconds",
    "read_seconds",
    "train_seconds",
    "serialise_seconds",
    "aggregate_seconds",
    "non_finite_workers"
  };

  private final Map<String, Double> sums = new LinkedHashMap<>();
  private final Mean first = new Mean();
  private final Mean last = new Mean();
  private final long rounds;
  private long round;

  private static final class Mean {
    private double sum;
    private long count;

    void add(double value) {
      if (Double.isFinite(value)) {
        sum += value;
        count++;
      }
    }

    double value() {
      return sum / count;
    }
  }

  /** For so many rounds. */
  Totals(long rounds) {
    this.rounds = rounds;
  }

  void add(JsonNode metrics) {
    for (String key : SUMMED) {
      sums.merge(key, metrics.path(key).asDouble(), Double::sum);
    }
    double loss = metrics.path("loss").asDouble(Double.NaN);
    long tenth = Math.max(1, rounds / 10);
    if (round < tenth) {
      first.add(loss);
    }
    if (round >= rounds - tenth) {
      last.add(loss);
    }
    round++;
  }

  long rounds() {
    return rounds;
  }

  /** NaN where no round of it was finite. */
  double firstLoss() {
    return first.value();
  }

  double lastLoss() {
    return last.value();
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("rounds", rounds);
    sums.forEach(json::put);
    return json;
  }
}
