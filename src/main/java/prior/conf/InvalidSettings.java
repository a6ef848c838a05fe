package prior.conf;

import java.util.List;

/**
 * Values that break their rules, each told as "key must ... but was ...", keys relative to a
 * record.
 */
final class InvalidSettings extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  InvalidSettings(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  List<String> problems() {
    return problems;
  }
}
