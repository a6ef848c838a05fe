package prior.data.spark;

import java.io.Closeable;
import prior.data.RowFault;

/** Fetches the vectors that belong to rows of tables; cheap when rows are asked for in order. */
interface VectorCursor extends Closeable {
  /**
   * Fetches both vectors of a row.
   *
   * @param table full path of the table
   * @param row row within the table
   * @return null, or what is wrong with the first broken vector; then the arrays hold anything
   */
  RowFault read(String table, long row, float[] text, float[] image);
}
