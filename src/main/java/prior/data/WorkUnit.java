package prior.data;

import java.io.Serializable;

/**
 * What is read at once: a row group of a Parquet file, or consecutive rows of one that is too
 * large.
 *
 * @param file the full path
 * @param rowGroup index within the file
 * @param groupRows pairs in the whole row group
 * @param from the first of its rows that is read
 * @param rows pairs read
 */
public record WorkUnit(String file, int rowGroup, int groupRows, int from, int rows)
    implements Serializable {
  public WorkUnit {
    if (rowGroup < 0 || from < 0 || rows < 0 || rows > groupRows - from) {
      throw new IllegalArgumentException(
          "Cannot name rows of "
              + file
              + ": expected an index of at least 0 and rows within "
              + groupRows
              + ", found row group "
              + rowGroup
              + ", "
              + rows
              + " rows from row "
              + from);
    }
  }

  /** A whole row group. */
  public WorkUnit(String file, int rowGroup, int rows) {
    this(file, rowGroup, rows, 0, rows);
  }

  /** Whether it is all of its row group. */
  public boolean whole() {
    return rows == groupRows;
  }
}
