package prior.data.spark;

import java.util.List;
import java.util.Set;

/**
 * Input as the driver knows it from headers and footers. Rows are those of Parquet tables; their
 * vectors are fetched on the executors by table and row.
 */
interface PairSource {
  /** The folder or file that names of tables are relative to. */
  String root();

  /** The tables whose rows can be paired. */
  List<Table> tables();

  /** The files that cannot be used, with all of their rows. */
  List<Refusal> refusals();

  int textWidth();

  int imageWidth();

  /** How to fetch vectors; goes to the executors. */
  VectorOpener vectors();

  /** Lower-case columns of the tables that hold the vectors and so are not carried over. */
  Set<String> vectorColumns();

  /**
   * A Parquet file.
   *
   * @param file full path
   */
  record Table(String file, long rows) {}

  default long rows() {
    return tables().stream().mapToLong(Table::rows).sum();
  }
}
