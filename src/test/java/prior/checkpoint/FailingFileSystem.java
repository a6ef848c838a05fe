package prior.checkpoint;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import prior.data.spark.WatchedInput;

/** A file system of which one operation fails, or that one and all after it, as when a job dies. */
public final class FailingFileSystem extends FilterFileSystem {
  private final long failing;
  private final Failure failure;
  private long operations;

  /** Whether it passes, and what it looks like. */
  public enum Failure {
    ONCE("made to fail"),
    FOR_EVER("made to fail"),
    DISK_FULL("No space left on device"),
    RESET_TWICE("Connection reset by peer");

    private final String words;

    Failure(String words) {
      this.words = words;
    }
  }

  public FailingFileSystem(FileSystem fs, long failing, Failure failure) {
    super(fs);
    this.failing = failing;
    this.failure = failure;
  }

  long operations() {
    return operations;
  }

  private void count(String what) throws IOException {
    operations++;
    boolean fails =
        switch (failure) {
          case ONCE -> operations == failing;
          case FOR_EVER -> operations >= failing;
          case DISK_FULL -> operations >= failing && what.matches("(create|write|close).*");
          case RESET_TWICE -> operations == failing || operations == failing + 1;
        };
    if (fails) {
      throw new IOException(failure.words + ": operation " + operations + ", " + what);
    }
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    count("create " + file);
    OutputStream out =
        super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(new CountedOutput(out), null);
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    count("open " + file);
    return new FSDataInputStream(
        new WatchedInput(super.open(file, bufferSize), bytes -> count("read")));
  }

  /** As HDFS has it: a file that is there is not replaced. */
  @Override
  public boolean rename(Path from, Path to) throws IOException {
    count("rename " + from);
    return !super.exists(to) && super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    count("delete " + path);
    return super.delete(path, recursive);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    count("list " + path);
    return super.listStatus(path);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    count("status " + path);
    return super.getFileStatus(path);
  }

  /**
   * Half of the bytes arrive when a write fails; the rest of the stream is closed all the same, and
   * the failure thrown once more, the very same, as by HDFS.
   */
  private final class CountedOutput extends FilterOutputStream {
    private IOException failed;

    CountedOutput(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        count("write");
      } catch (IOException e) {
        out.write(bytes, from, length / 2);
        failed = e;
        throw e;
      }
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      out.close();
      if (failed != null) {
        throw failed;
      }
      count("close");
    }
  }
}
