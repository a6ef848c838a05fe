package prior.data.spark;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import prior.data.Retry;

/** Local files as {@code flaky:/...}, of which operations fail now and then when they are read. */
public final class FlakyFileSystem extends RawLocalFileSystem {
  private static final AtomicInteger OPERATIONS = new AtomicInteger();
  private static volatile int every = Integer.MAX_VALUE;
  private static volatile int first = Integer.MAX_VALUE;
  private static final Logger WAITS = Logger.getLogger(Retry.class.getName());
  private static volatile Supplier<IOException> failure;

  /** Makes the scheme known; retries neither wait nor tell. */
  public static void register(Configuration conf) {
    conf.setClass("fs.flaky.impl", FlakyFileSystem.class, FlakyFileSystem.class);
    conf.setInt(Retry.FIRST_WAIT, 0);
    WAITS.setLevel(Level.SEVERE);
  }

  /** From now on the last of so many operations times out. */
  public static void timeOutEvery(int count) {
    failEvery(count, () -> new SocketTimeoutException("Read timed out"));
  }

  static void failEvery(int count, Supplier<IOException> how) {
    OPERATIONS.set(0);
    first = Integer.MAX_VALUE;
    failure = how;
    every = count;
  }

  /** So many operations succeed; from then on all time out. */
  public static void timeOutFrom(int operation) {
    timeOutEvery(Integer.MAX_VALUE);
    first = operation;
  }

  /** Nothing fails any more; returns the operations since the last call. */
  public static int heal() {
    every = Integer.MAX_VALUE;
    first = Integer.MAX_VALUE;
    return OPERATIONS.get();
  }

  private static void count() throws IOException {
    int operation = OPERATIONS.incrementAndGet();
    if (operation % every == 0 || operation >= first) {
      throw failure.get();
    }
  }

  /** Parquet reads headers byte by byte: counted, they would outnumber what retries allow for. */
  private static void countRead(int bytes) throws IOException {
    if (bytes > 1) {
      count();
    }
  }

  @Override
  public URI getUri() {
    return URI.create("flaky:///");
  }

  @Override
  public String getScheme() {
    return "flaky";
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    count();
    return super.getFileStatus(path);
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    count();
    return new FSDataInputStream(
        new WatchedInput(super.open(file, bufferSize), FlakyFileSystem::countRead));
  }
}
