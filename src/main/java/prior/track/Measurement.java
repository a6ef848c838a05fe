package prior.track;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers of one moment of a run.
 *
 * @param round averaging rounds done, counted from 1
 * @param step optimizer steps of a worker so far
 * @param millis when, in milliseconds since 1970
 * @param values by name, such as {@code train/loss}; in the order they are shown
 */
public record Measurement(long round, long step, long millis, Map<String, Double> values) {

  public Measurement {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
