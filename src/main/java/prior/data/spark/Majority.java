package prior.data.spark;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The property that most rows share; of equals the one that sorts first as text. */
final class Majority {
  private Majority() {}

  static <T, P> Optional<P> of(
      Collection<T> items, Function<T, P> property, ToLongFunction<T> rows) {
    Map<P, Long> counts = new HashMap<>();
    items.forEach(item -> counts.merge(property.apply(item), rows.applyAsLong(item), Long::sum));
    return counts.entrySet().stream()
        .max(
            Map.Entry.<P, Long>comparingByValue()
                .thenComparing(entry -> entry.getKey().toString(), (a, b) -> b.compareTo(a)))
        .map(Map.Entry::getKey);
  }
}
