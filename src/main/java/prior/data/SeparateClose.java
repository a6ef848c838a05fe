package prior.data;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A stream whose close never throws the very failure that a write threw before. HDFS's streams do,
 * and try-with-resources, which adds the one to the other, then fails itself and hides what
 * happened.
 */
public final class SeparateClose extends FilterOutputStream {

  public SeparateClose(OutputStream out) {
    super(out);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length); // the superclass would write byte by byte
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
