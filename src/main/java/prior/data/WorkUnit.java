package prior.data;

import java.io.Serializable;

/**
 * One row group of one Parquet file: what is read at once.
 *
 * @param file the full path
 * @param rowGroup index within the file
 * @param rows pairs in it
 */
public record WorkUnit(String file, int rowGroup, int rows) implements Serializable {
  public WorkUnit {
    if (rowGroup < 0 || rows < 0) {
      throw new IllegalArgumentException(
          "Cannot name a row group of "
              + file
              + ": expected an index and a count of at least 0, found "
              + rowGroup
              + " and "
              + rows);
    }
  }
}
