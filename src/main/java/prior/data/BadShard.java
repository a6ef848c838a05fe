package prior.data;

import java.io.Serializable;

/**
 * Pairs whose content cannot be used: a row group, a slice of a large one or, where its footer is
 * bad, a whole file. Of content alone, never of a storage that could not be reached.
 *
 * @param file the full path
 * @param rowGroup index within the file, or {@link #WHOLE_FILE}
 * @param firstRow number of the first of the rows within the file
 * @param rows pairs lost; 0 where a footer does not tell
 * @param cause the message that names what was expected and found
 */
public record BadShard(String file, int rowGroup, long firstRow, long rows, String cause)
    implements UnitContent, Serializable {
  /** The row group of a file that is left out whole. */
  public static final int WHOLE_FILE = -1;

  /** A file that is left out whole. */
  public static BadShard file(String file, long rows, String cause) {
    return new BadShard(file, WHOLE_FILE, 0, rows, cause);
  }

  /** The same for each time that these rows are met. */
  public String place() {
    return rowGroup + " " + firstRow + " " + file;
  }
}
