package prior.checkpoint;

import java.io.IOException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.ByteSource;
import prior.data.Retry;

/**
 * A file of a Hadoop file system, read in order where it can be; opened anew where reading failed
 * in a way that passes.
 */
final class HadoopSource implements ByteSource {
  private final Path file;
  private final long length;
  private final FileSystem fs;
  private final Retry retry;
  private FSDataInputStream in;

  HadoopSource(FileSystem fs, Path file, Retry retry) throws IOException {
    this.fs = fs;
    this.file = file;
    this.retry = retry;
    this.length = fs.getFileStatus(file).getLen();
    this.in = fs.open(file);
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void readFully(long position, byte[] into, int from, int count) throws IOException {
    try {
      retry.run("read " + file, () -> readOnce(position, into, from, count));
    } catch (ChecksumException e) {
      throw new DamagedFileException(e);
    }
  }

  private int readOnce(long position, byte[] into, int from, int count) throws IOException {
    if (in == null) {
      in = fs.open(file);
    }
    try {
      if (in.getPos() != position) {
        in.seek(position);
      }
      in.readFully(into, from, count);
      return count;
    } catch (IOException e) {
      closeAfter(e);
      throw e;
    }
  }

  /** The next attempt opens the file again. */
  private void closeAfter(IOException failure) {
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      FSDataInputStream open = in;
      in = null;
      open.close();
    }
  }
}
