package prior.data.spark;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;

/** A stream of which each read is announced, and fails where the announcement does. */
public final class WatchedInput extends FSInputStream {
  private final FSDataInputStream in;
  private final Watch watch;

  /** Told before each read how many bytes are wanted. */
  public interface Watch {
    void beforeRead(int bytes) throws IOException;
  }

  public WatchedInput(FSDataInputStream in, Watch watch) {
    this.in = in;
    this.watch = watch;
  }

  @Override
  public int read() throws IOException {
    watch.beforeRead(1);
    return in.read();
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    watch.beforeRead(length);
    return in.read(into, from, length);
  }

  @Override
  public void seek(long position) throws IOException {
    in.seek(position);
  }

  @Override
  public long getPos() throws IOException {
    return in.getPos();
  }

  @Override
  public boolean seekToNewSource(long position) throws IOException {
    return in.seekToNewSource(position);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
