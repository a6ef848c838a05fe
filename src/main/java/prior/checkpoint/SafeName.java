package prior.checkpoint;

import java.util.regex.Pattern;
import prior.data.DataFaults;

/** Names from files nobody vouches for: one plain path element, never a way out of its folder. */
final class SafeName {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  private SafeName() {}

  static boolean plain(String name) {
    return PLAIN.matcher(name).matches();
  }

  /** The name, or a refusal that names the file it stood in. */
  static String of(String name, String where) {
    if (!plain(name)) {
      throw DataFaults.unreadable(
          where,
          "a name in it may lead out of its folder",
          "letters, digits, '.', '_' and '-', a letter or digit first",
          "'" + Shown.text(name) + "'");
    }
    return name;
  }
}
