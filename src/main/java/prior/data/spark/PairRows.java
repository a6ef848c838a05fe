package prior.data.spark;

import java.util.List;
import java.util.Optional;
import prior.data.DataFaults;
import prior.data.RowFault;
import prior.fault.UserFault;

/**
 * Consecutive rows of one row group, each column read in order and for itself.
 *
 * @param where file and row group, for messages
 * @param from number of the first row within the row group
 * @param firstRow number of the first row within the file
 * @param rows how many there are
 */
record PairRows(
    String where,
    int from,
    long firstRow,
    int rows,
    Optional<VectorReader> text,
    VectorReader image,
    Optional<MatrixReader> encodings,
    Optional<MaskReader> mask,
    Optional<KeyReader> key,
    List<AttributeReader> attributes) {

  /** The refusal of one of these rows. */
  UserFault refusal(int row, RowFault fault) {
    return DataFaults.unreadable(
        where + ", row " + (from + row) + " (row " + (firstRow + row) + " of the file)",
        fault.reason(),
        fault.expected(),
        fault.found());
  }

  /** Passes over rows of the vector columns. */
  void skipVectors(long count) {
    text.ifPresent(reader -> reader.skip(count));
    image.skip(count);
  }
}
