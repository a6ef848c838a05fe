package prior.data.spark;

import prior.data.RowFault;

/** Reads an attribute's column in order, as the numbers of {@link prior.data.AttributeColumn}. */
interface AttributeReader {
  /** Numbers of a row. */
  int columns();

  /**
   * Reads the next row.
   *
   * @param into receives its numbers from index {@code from} on
   * @return null, or what is wrong with a value that is there
   */
  RowFault read(float[] into, int from);
}
