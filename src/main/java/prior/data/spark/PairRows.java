package prior.data.spark;

import java.util.Optional;
import prior.data.DataFaults;
import prior.data.RowFault;
import prior.fault.UserFault;

/**
 * The rows of one row group, each column read in order and for itself.
 *
 * @param where file and row group, for messages
 * @param firstRow number of the first row within the file
 * @param rows how many there are
 */
record PairRows(
    String where,
    long firstRow,
    int rows,
    VectorReader text,
    VectorReader image,
    Optional<MatrixReader> encodings,
    Optional<KeyReader> key) {

  /** The refusal of a row of this row group. */
  UserFault refusal(int row, RowFault fault) {
    return DataFaults.unreadable(
        where + ", row " + row + " (row " + (firstRow + row) + " of the file)",
        fault.reason(),
        fault.expected(),
        fault.found());
  }

  /** Passes over the first rows of both vector columns. */
  void skipVectors(long count) {
    text.skip(count);
    image.skip(count);
  }
}
