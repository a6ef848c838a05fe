package prior.checkpoint;

import java.io.IOException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.ByteSource;

/** A file of a Hadoop file system, read in order where it can be. */
final class HadoopSource implements ByteSource {
  private final Path file;
  private final long length;
  private final FSDataInputStream in;

  HadoopSource(FileSystem fs, Path file) throws IOException {
    this.file = file;
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
      if (in.getPos() != position) {
        in.seek(position);
      }
      in.readFully(into, from, count);
    } catch (ChecksumException e) {
      throw new DamagedFileException(e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
