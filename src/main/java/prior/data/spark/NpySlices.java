package prior.data.spark;

import java.io.Closeable;
import java.io.IOException;
import prior.data.DataFaults;
import prior.data.NpyReader;

/** Single rows of an .npy file out of slices that are read at once. */
final class NpySlices implements Closeable {
  private static final int SLICE_NUMBERS = 1 << 18;

  private final NpyReader reader;
  private final float[] slice;
  private final int perSlice;
  private long first;
  private int held;

  NpySlices(NpyReader reader) {
    this.reader = reader;
    this.perSlice = Math.max(1, SLICE_NUMBERS / reader.width());
    this.slice = new float[perSlice * reader.width()];
  }

  String name() {
    return reader.name();
  }

  /** Copies one row, reading on (or elsewhere) when it is not at hand. */
  void row(long row, float[] into) {
    if (row < first || row >= first + held) {
      reader.seekRow(row);
      first = row;
      held = reader.readRows(slice, perSlice);
      if (held == 0) {
        throw DataFaults.unreadable(name(), "no such row", "0 to " + (reader.rows() - 1), row);
      }
    }
    System.arraycopy(slice, (int) (row - first) * reader.width(), into, 0, reader.width());
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
