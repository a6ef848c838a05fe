package prior.conf;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The known keys a mistyped one may have meant. */
final class NearestNames {
  private static final int SHOWN = 3;

  private NearestNames() {}

  /** Up to three names, the nearest first; the last part of a key counts double. */
  static List<String> of(String unknown, Set<String> known) {
    return known.stream()
        .filter(name -> distance(unknown, name) <= Math.max(3, name.length() / 2))
        .sorted(
            Comparator.<String>comparingInt(name -> score(unknown, name))
                .thenComparing(name -> name))
        .limit(SHOWN)
        .toList();
  }

  /** How names are offered at the end of a message; nothing where there are none. */
  static String hint(List<String> names) {
    return names.isEmpty() ? "" : "; did you mean " + String.join(", ", names) + "?";
  }

  private static int score(String unknown, String name) {
    return distance(unknown, name) + distance(last(unknown), last(name));
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** Levenshtein's distance. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
