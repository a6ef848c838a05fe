package prior.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a two-dimensional .npy file (version 1.0, C order) whose number of rows is known before.
 */
public final class NpyWriter implements Closeable {
  private static final int ALIGNMENT = 64;
  private static final int PREFIX = 10;

  private final OutputStream out;
  private final FloatFormat format;
  private final long rows;
  private final int width;
  private long written;

  /** Writes the header; the writer closes the stream. */
  public NpyWriter(OutputStream out, FloatFormat format, long rows, int width) throws IOException {
    this.out = out;
    this.format = format;
    this.rows = rows;
    this.width = width;
    out.write(header());
  }

  private byte[] header() {
    String dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }"
            .formatted(format.descr(), rows, width);
    int unpadded = PREFIX + dictionary.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    byte[] text = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer header = ByteBuffer.allocate(PREFIX + text.length).order(ByteOrder.LITTLE_ENDIAN);
    return header
        .put(NpyHeader.MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length)
        .put(text)
        .array();
  }

  /** Writes {@code count} vectors, (count x width) from index 0. */
  public void writeRows(float[] values, int count) throws IOException {
    ByteBuffer row = ByteBuffer.allocate(width * format.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      row.clear();
      format.put(values, i * width, width, row);
      out.write(row.array());
    }
    written += count;
  }

  /** Closes the stream; a file with another number of rows than announced is refused. */
  @Override
  public void close() throws IOException {
    out.close();
    if (written != rows) {
      throw new IllegalStateException(
          "Cannot finish an .npy file: wrong number of rows, expected "
              + rows
              + ", found "
              + written);
    }
  }
}
