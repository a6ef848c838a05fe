package prior.data.spark;

import java.util.Arrays;
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
      RowFault fault = reader.read();
      if (fault != null) {
        throw rows.refusal(row, fault);
      }
      matrices[row] = Arrays.copyOf(reader.numbers(), reader.tokens() * width);
      longest = Math.max(longest, reader.tokens());
    }
    int stride = longest * width;
    float[] padded = new float[ParquetPairs.arraySize(rows, (long) matrices.length * stride)];
    for (int row = 0; row < matrices.length; row++) {
      System.arraycopy(matrices[row], 0, padded, row * stride, matrices[row].length);
    }
    return new EncodingBlock(longest, padded);
  }
}
