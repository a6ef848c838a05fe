package prior.data.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import prior.data.BadShard;
import prior.data.DataFaults;
import prior.data.RowFault;
import prior.fault.UserFault;

/**
 * A row, or a whole file, that cannot be used.
 *
 * @param file full path of the table
 * @param row row within the table, or -1 for the whole file
 * @param rows how many pairs are lost
 * @param fault why
 */
record Refusal(String file, long row, long rows, RowFault fault) {

  /** A file that cannot be read at all, with the message of the attempt; its rows are not known. */
  static Refusal unreadable(String file, UserFault cause) {
    RowFault fault =
        new RowFault(RowFault.Kind.UNREADABLE, "the file", "a sound file", cause.getMessage());
    return new Refusal(file, -1, 0, fault);
  }

  UserFault asFault() {
    if (fault.kind() == RowFault.Kind.UNREADABLE) {
      return UserFault.data(fault.found());
    }
    String where = row < 0 ? file : file + ", row " + row;
    return DataFaults.unreadable(where, fault.reason(), fault.expected(), fault.found());
  }

  /** A whole file as training leaves it out. */
  BadShard asShard() {
    return BadShard.file(file, rows, asFault().getMessage());
  }

  /** One line of the list of skipped rows. */
  String asJson() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("file", file);
    if (row >= 0) {
      line.put("row", row);
    }
    line.put("rows", rows);
    line.put("reason", fault.kind().words());
    line.put("in", fault.what());
    line.put("expected", fault.expected());
    line.put("found", fault.found());
    return Json.line(line);
  }
}
