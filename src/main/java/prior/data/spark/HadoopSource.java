package prior.data.spark;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.ByteSource;

/** A file of any Hadoop file system; seeks only when a read does not follow the last one. */
final class HadoopSource implements ByteSource {
  private final String name;
  private final long length;
  private final FSDataInputStream in;

  HadoopSource(Configuration conf, Path file) throws IOException {
    FileSystem fs = file.getFileSystem(conf);
    this.name = file.toString();
    this.length = fs.getFileStatus(file).getLen();
    this.in = fs.open(file);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void readFully(long position, byte[] into, int from, int count) throws IOException {
    if (in.getPos() != position) {
      in.seek(position);
    }
    in.readFully(into, from, count);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
