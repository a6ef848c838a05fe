package prior.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/**
 * Whether a run learns, in one sentence.
 *
 * @param best the best round by validation, 0 where none validated
 */
record Verdict(State state, String sentence, long best) {
  /** By how much a cosine must beat the mean image's to count as learning. */
  private static final double MARGIN = 0.005;

  /** What the page's mark says. */
  enum State {
    LEARNING,
    NOT_YET,
    UNKNOWN
  }

  static Verdict of(Totals totals, List<JsonNode> validations) {
    if (totals.rounds() == 0) {
      return new Verdict(State.UNKNOWN, "No round has ended yet.", 0);
    }
    if (!Double.isFinite(totals.lastLoss())) {
      return new Verdict(State.NOT_YET, "The last rounds have no finite loss.", 0);
    }
    return validations.isEmpty() ? ofLoss(totals) : ofCosine(validations);
  }

  private static Verdict ofLoss(Totals totals) {
    boolean fell = totals.lastLoss() < totals.firstLoss();
    String sentence =
        String.format(
            Locale.ROOT,
            "The training loss went from %.4f to %.4f in %,d rounds; how near predictions come"
                + " to the images was not measured: set data.val.",
            totals.firstLoss(),
            totals.lastLoss(),
            totals.rounds());
    return new Verdict(fell ? State.UNKNOWN : State.NOT_YET, sentence, 0);
  }

  private static Verdict ofCosine(List<JsonNode> validations) {
    JsonNode last = validations.get(validations.size() - 1);
    JsonNode best =
        validations.stream()
            .filter(line -> line.path("best").asBoolean())
            .reduce((earlier, later) -> later)
            .orElse(last);
    long round = best.path("round").asLong();
    JsonNode sample = sample(best);
    if (sample.isMissingNode()) {
      return new Verdict(State.UNKNOWN, "Validated by loss alone, lowest in round " + round, round);
    }
    double cosine = sample.path("cosine_predicted_image").asDouble();
    double mean = sample.path("cosine_mean_image").asDouble();
    boolean learns = cosine > mean + MARGIN;
    String sentence =
        String.format(
            Locale.ROOT,
            "%s: predictions of round %,d, the best so far, have cosine %.3f to their own images,"
                + " where always guessing the mean image has %.3f; %s.",
            learns ? "It learns" : "It has not learned yet",
            round,
            cosine,
            mean,
            since(round, last.path("round").asLong()));
    return new Verdict(learns ? State.LEARNING : State.NOT_YET, sentence, round);
  }

  private static String since(long best, long last) {
    return best == last
        ? "that was the last validation, so it may still improve"
        : String.format(Locale.ROOT, "up to round %,d nothing was better", last);
  }

  /** Of the moving average where there is one, with the most steps. */
  private static JsonNode sample(JsonNode validation) {
    return StreamSupport.stream(validation.path("samples").spliterator(), false)
        .max(
            Comparator.<JsonNode, Boolean>comparing(
                    sample -> sample.path("weights").asText().equals("ema"))
                .thenComparing(sample -> sample.path("steps").asInt()))
        .orElse(MissingNode.getInstance());
  }
}
