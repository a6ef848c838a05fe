package prior.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import prior.checkpoint.TensorEntry;
import prior.fault.UserFault;

/** Compares a file's tensors with those a model has; all differences are told together. */
final class TensorFit {
  private static final int SHOWN = 200;

  private TensorFit() {}

  /**
   * Refuses tensors that are missing, of another shape or type, or too many.
   *
   * @param expected shapes by name
   */
  static void check(String file, Map<String, List<Long>> expected, List<TensorEntry> entries) {
    Map<String, TensorEntry> found = new LinkedHashMap<>();
    entries.forEach(entry -> found.put(entry.name(), entry));
    List<String> problems = new ArrayList<>();
    expected.forEach((name, shape) -> compare(name, shape, found.get(name), problems));
    for (TensorEntry entry : entries) {
      if (!expected.containsKey(entry.name())) {
        problems.add(line(entry.name(), "no such tensor", entry.shape()));
      }
    }
    if (!problems.isEmpty()) {
      int left = problems.size() - SHOWN;
      String more = left > 0 ? "\n  and " + left + " more" : "";
      List<String> shown = problems.subList(0, Math.min(SHOWN, problems.size()));
      throw UserFault.data(
          "Cannot use the tensors of " + file + ":\n  " + String.join("\n  ", shown) + more);
    }
  }

  private static void compare(
      String name, List<Long> shape, TensorEntry found, List<String> problems) {
    if (found == null) {
      problems.add(line(name, shape, "none"));
    } else if (!found.shape().equals(shape)) {
      problems.add(line(name, shape, found.shape()));
    } else if (!found.type().real()) {
      problems.add(line(name, "real numbers", found.type()));
    }
  }

  private static String line(String name, Object expected, Object found) {
    String shown = name.replaceAll("\\p{Cntrl}", " ");
    String bounded = shown.length() > 200 ? shown.substring(0, 200) + "..." : shown;
    return bounded + ": expected " + expected + ", found " + found;
  }
}
