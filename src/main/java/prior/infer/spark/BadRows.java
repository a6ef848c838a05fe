package prior.infer.spark;

import java.io.IOException;
import prior.data.DataFaults;
import prior.data.RowFault;

/** What becomes of a row that cannot be predicted. */
interface BadRows {
  /**
   * @param file where the row lies; empty where nothing tells
   * @param key null where it has none
   */
  void met(String file, String key, RowFault fault) throws IOException;

  /** The first ends the job. */
  static void fail(String file, String key, RowFault fault) {
    String named = key == null ? "" : ", key " + key;
    String where = (file.isEmpty() ? "the input" : file) + named;
    throw DataFaults.unreadable(where, fault.reason(), fault.expected(), fault.found());
  }
}
