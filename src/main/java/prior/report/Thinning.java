package prior.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Passes on few of many rows so that a curve looks the same: of each stretch those that are
 * greatest by each score, and the first and last of all.
 */
final class Thinning {
  private final long rows;
  private final int most;
  private final List<ToDoubleFunction<JsonNode>> scores;
  private final Consumer<JsonNode> kept;
  private final Map<Long, JsonNode> stretch = new TreeMap<>();
  private final long[] greatest;
  private long row;

  /**
   * @param rows how many there will be
   * @param most how many to pass on at most, above twice the scores
   */
  Thinning(long rows, int most, List<ToDoubleFunction<JsonNode>> scores, Consumer<JsonNode> kept) {
    this.rows = rows;
    this.most = most;
    this.scores = scores;
    this.kept = kept;
    this.greatest = new long[scores.size()];
  }

  void add(JsonNode node) {
    if (rows <= most || row == 0 || row == rows - 1) {
      end();
      kept.accept(node);
    } else {
      compare(node);
    }
    row++;
  }

  private void compare(JsonNode node) {
    long stretches = (most - 2L) / scores.size();
    if (row * stretches / rows != (row - 1) * stretches / rows) {
      end();
    }
    if (stretch.isEmpty()) {
      Arrays.fill(greatest, row);
    }
    stretch.put(row, node);
    for (int score = 0; score < greatest.length; score++) {
      ToDoubleFunction<JsonNode> by = scores.get(score);
      if (by.applyAsDouble(node) > by.applyAsDouble(stretch.get(greatest[score]))) {
        greatest[score] = row;
      }
    }
    stretch.keySet().removeIf(r -> Arrays.stream(greatest).noneMatch(g -> g == r));
  }

  /** Passes on what is still held. */
  void end() {
    stretch.values().forEach(kept);
    stretch.clear();
  }
}
