package prior.conf;

import java.io.Serializable;

/**
 * {@code prepare}: from embeddings on disk to training shards.
 *
 * @param clip name of the CLIP model, recorded and not interpreted
 * @param key input column that names a row for ever; null to name it by file and position
 * @param valFraction share of keys that go to val
 * @param testFraction share of keys that go to test
 * @param seed of the order of rows
 * @param rowsPerGroup rows of a Parquet row group, what a worker reads at once
 * @param rowsPerFile rows of a file, about
 * @param maxBadRows rows that {@code skip} may leave out
 */
public record PrepareConf(
    String clip,
    String key,
    double valFraction,
    double testFraction,
    long seed,
    int rowsPerGroup,
    int rowsPerFile,
    BadDataPolicy badRows,
    long maxBadRows)
    implements Serializable {

  public PrepareConf {
    new Check()
        .within("val_fraction", valFraction, 0, 1)
        .within("test_fraction", testFraction, 0, 1)
        .that(
            valFraction + testFraction < 1,
            "val_fraction and test_fraction must leave rows to train on but were "
                + valFraction
                + " and "
                + testFraction)
        .within("rows_per_group", rowsPerGroup, 1, 10_000_000)
        .within("rows_per_file", rowsPerFile, 1, Integer.MAX_VALUE)
        .within("max_bad_rows", maxBadRows, 0, Long.MAX_VALUE)
        .done();
  }
}
