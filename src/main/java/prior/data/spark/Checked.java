package prior.data.spark;

import java.util.Optional;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

/** What a file holds, or why it cannot be used. */
record Checked<T>(Optional<T> good, Optional<Refusal> bad) {

  static <T> Checked<T> sound(T value) {
    return new Checked<>(Optional.of(value), Optional.empty());
  }

  static <T> Checked<T> refused(Refusal refusal) {
    return new Checked<>(Optional.empty(), Optional.of(refusal));
  }

  /** Reads a file; a fault of the user's data becomes a refusal, anything else goes on. */
  static <T> Checked<T> of(String file, InParallel.Read<String, T> read) throws Exception {
    try {
      return sound(read.of(file));
    } catch (UserFault e) {
      if (e.status() != ExitStatus.DATA) {
        throw e;
      }
      return refused(Refusal.unreadable(file, e));
    }
  }
}
