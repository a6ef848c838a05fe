package prior.data.spark;

import java.util.Arrays;
import java.util.Optional;
import prior.data.RowFault;

/**
 * Token encodings of a row group, padded with zeros to the longest row.
 *
 * @param tokens tokens a row after padding
 * @param padded (rows x tokens x width)
 */
record EncodingBlock(int tokens, float[] padded) {

  static EncodingBlock read(PairRows rows, MatrixReader reader, int width) {
    float[][] matrices = new float[rows.rows()][];
    int longest = 0;
    for (int row = 0; row < matrices.length; row++) {
      matrices[row] = row(rows, row, reader, width);
      longest = Math.max(longest, matrices[row].length / width);
    }
    int stride = longest * width;
    float[] padded = new float[ParquetPairs.arraySize(rows, (long) matrices.length * stride)];
    for (int row = 0; row < matrices.length; row++) {
      System.arraycopy(matrices[row], 0, padded, row * stride, matrices[row].length);
    }
    return new EncodingBlock(longest, padded);
  }

  /** The numbers of the next row; what its mask leaves out is zero, and absent at the end. */
  private static float[] row(PairRows rows, int row, MatrixReader reader, int width) {
    refuse(rows, row, reader.read());
    Optional<MaskReader> mask = rows.mask();
    if (mask.isEmpty()) {
      return Arrays.copyOf(reader.numbers(), reader.tokens() * width);
    }
    refuse(rows, row, mask.get().read());
    int end = reader.tokens();
    while (end > 0 && !mask.get().counts(end - 1)) {
      end--;
    }
    float[] numbers = Arrays.copyOf(reader.numbers(), end * width);
    for (int token = 0; token < end; token++) {
      if (!mask.get().counts(token)) {
        Arrays.fill(numbers, token * width, (token + 1) * width, 0);
      }
    }
    return numbers;
  }

  private static void refuse(PairRows rows, int row, RowFault fault) {
    if (fault != null) {
      throw rows.refusal(row, fault);
    }
  }
}
