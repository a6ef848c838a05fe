package prior.doctor;

import java.util.Optional;
import prior.fault.UserFault;

/**
 * What was found of one thing that the jobs need.
 *
 * @param fault says what was expected and what to do, where it is not as it should be
 */
public record Finding(String subject, String found, Optional<UserFault> fault) {
  static Finding ok(String subject, String found) {
    return new Finding(subject, found, Optional.empty());
  }

  static Finding fix(String subject, UserFault fault) {
    return new Finding(subject, "", Optional.of(fault));
  }

  /** A line: the subject, then {@code ok} and what was found, or {@code fix:} and what to do. */
  @Override
  public String toString() {
    String said = fault.map(UserFault::getMessage).orElse(found).replaceAll("\\s+", " ");
    return "%-8s %-4s %s".formatted(subject, fault.isPresent() ? "fix:" : "ok", said.strip());
  }
}
