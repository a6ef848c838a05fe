package prior.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the vectors of a two-dimensional .npy file (versions 1 to 3; fp16, fp32 or fp64, C order)
 * slice by slice. What the header says is checked against the file's length before a number is
 * read. Every failure names the file, what was expected and what was found. For one thread.
 */
public final class NpyReader implements Closeable {
  private static final int SLICE_BYTES = 1 << 20;

  private final ByteSource source;
  private final NpyHeader header;
  private final byte[] slice;
  private long row;

  private NpyReader(ByteSource source, NpyHeader header) {
    this.source = source;
    this.header = header;
    this.slice = new byte[(int) (header.rowBytes() * Math.max(1, SLICE_BYTES / header.rowBytes()))];
  }

  /** Opens a file; the reader closes the source, also when opening fails. */
  public static NpyReader open(ByteSource source) {
    try {
      return new NpyReader(source, NpyHeader.read(source));
    } catch (IOException e) {
      closeAfter(e, source);
      throw DataFaults.storage("read", source.name(), e);
    } catch (RuntimeException e) {
      closeAfter(e, source);
      throw e;
    }
  }

  public String name() {
    return source.name();
  }

  public long rows() {
    return header.rows();
  }

  public int width() {
    return header.width();
  }

  public FloatFormat format() {
    return header.format();
  }

  /** The row that the next read begins with. */
  public long row() {
    return row;
  }

  /** Goes to a row, 0 to rows(). */
  public void seekRow(long target) {
    if (target < 0 || target > rows()) {
      throw DataFaults.unreadable(name(), "no such row", "0 to " + rows(), target);
    }
    row = target;
  }

  /**
   * Reads up to {@code count} rows.
   *
   * @param into (count x width), filled from index 0
   * @return rows read; fewer than {@code count} only at the end of the file
   */
  public int readRows(float[] into, int count) {
    int rows = (int) Math.min(count, rows() - row);
    int perSlice = (int) (slice.length / header.rowBytes());
    for (int done = 0; done < rows; done += perSlice) {
      readSlice(into, done, Math.min(perSlice, rows - done));
    }
    return rows;
  }

  private void readSlice(float[] into, int done, int rows) {
    int bytes = (int) (rows * header.rowBytes());
    try {
      source.readFully(header.dataStart() + row * header.rowBytes(), slice, 0, bytes);
    } catch (IOException e) {
      throw DataFaults.storage("read", name() + " at row " + row, e);
    }
    ByteBuffer buffer = ByteBuffer.wrap(slice, 0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.format().get(buffer, into, done * width(), rows * width());
    row += rows;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  private static void closeAfter(Exception failure, ByteSource source) {
    try {
      source.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
