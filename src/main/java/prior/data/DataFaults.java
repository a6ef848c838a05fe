package prior.data;

import java.io.IOException;
import prior.fault.UserFault;

/** The one sentence in which data is refused. */
public final class DataFaults {
  private DataFaults() {}

  /**
   * @param where the file, with row group and row where known
   * @param why what is wrong
   */
  public static UserFault unreadable(String where, String why, Object expected, Object found) {
    return UserFault.data(
        "Cannot read " + where + ": " + why + ", expected " + expected + ", found " + found);
  }

  /** A failure below the format: the storage did not give what it should. */
  public static UserFault storage(String verb, String where, IOException cause) {
    return UserFault.storage("Cannot " + verb + " " + where + ": " + cause.getMessage(), cause);
  }
}
