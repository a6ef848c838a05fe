package prior.data;

/**
 * Pairs in memory, row by row. The arrays are handed over, not copied: who receives a block owns
 * it.
 *
 * @param rows number of pairs
 * @param textWidth numbers in a text embedding; 0 where there is none
 * @param imageWidth numbers in an image embedding
 * @param text (rows x textWidth), row-major
 * @param image (rows x imageWidth), row-major
 * @param rowIds (rows), each a stable 64-bit name of its row
 * @param encodingRows tokens a row; 0 without encodings
 * @param encodingWidth numbers of a token
 * @param encodings (rows x encodingRows x encodingWidth), rows with fewer tokens end in zeros; null
 *     without encodings
 * @param attributeColumns numbers of a row's attributes; 0 without attributes
 * @param attributes (rows x attributeColumns); null without attributes
 */
@SuppressWarnings("ArrayRecordComponent")
public record PairBlock(
    int rows,
    int textWidth,
    int imageWidth,
    float[] text,
    float[] image,
    long[] rowIds,
    int encodingRows,
    int encodingWidth,
    float[] encodings,
    int attributeColumns,
    float[] attributes)
    implements UnitContent {

  public PairBlock {
    check("text", text.length, (long) rows * textWidth);
    check("image", image.length, (long) rows * imageWidth);
    check("row ids", rowIds.length, rows);
    check(
        "encodings",
        encodings == null ? 0 : encodings.length,
        (long) rows * encodingRows * encodingWidth);
    check("attributes", attributes == null ? 0 : attributes.length, (long) rows * attributeColumns);
  }

  /** A block without attributes. */
  public PairBlock(
      int rows,
      int textWidth,
      int imageWidth,
      float[] text,
      float[] image,
      long[] rowIds,
      int encodingRows,
      int encodingWidth,
      float[] encodings) {
    this(
        rows,
        textWidth,
        imageWidth,
        text,
        image,
        rowIds,
        encodingRows,
        encodingWidth,
        encodings,
        0,
        null);
  }

  private static void check(String what, long found, long expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "Cannot build a block of pairs: wrong size of "
              + what
              + ", expected "
              + expected
              + ", found "
              + found);
    }
  }
}
