package prior.data.spark;

import prior.data.PairColumns;

/**
 * What to prepare and how.
 *
 * @param input a clip-retrieval folder (img_emb, text_emb, metadata) or Parquet with both vectors
 * @param output the folder to make; it appears when all is written
 * @param overwrite whether an existing output is replaced; else it is refused
 * @param columns the vector columns of Parquet input, and the key column of either kind; without a
 *     key a row is named by its file and position
 * @param clip name of the CLIP model, recorded and not interpreted
 * @param valFraction share of keys that go to val, 0 to 1
 * @param testFraction share of keys that go to test, 0 to 1
 * @param seed of the order of rows; the split does not depend on it
 * @param rowsPerGroup rows in every row group but a file's last
 * @param rowsPerFile about how many rows a file gets
 * @param skipBadRows whether a broken row is left out and listed; else it ends the work
 * @param maxBadRows how many rows may be left out
 */
public record Preparation(
    String input,
    String output,
    boolean overwrite,
    PairColumns columns,
    String clip,
    double valFraction,
    double testFraction,
    long seed,
    int rowsPerGroup,
    int rowsPerFile,
    boolean skipBadRows,
    long maxBadRows) {

  public Preparation {
    boolean shares = valFraction >= 0 && testFraction >= 0 && valFraction + testFraction <= 1;
    if (!shares || rowsPerGroup < 1 || rowsPerFile < 1 || maxBadRows < 0) {
      throw new IllegalArgumentException(
          "Cannot prepare pairs: settings out of range, expected shares of at most 1 in all and"
              + " counts of at least 1, found val %s, test %s, rows per group %d, per file %d, bad %d"
                  .formatted(valFraction, testFraction, rowsPerGroup, rowsPerFile, maxBadRows));
    }
  }
}
