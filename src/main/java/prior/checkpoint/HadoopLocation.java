package prior.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import prior.data.ByteSource;
import prior.data.DataFaults;
import prior.data.Retry;
import prior.data.SeparateClose;
import prior.fault.UserFault;

/**
 * A file or folder of a Hadoop file system; equal where the paths are. What fails in a way that
 * passes is tried again, see {@link Retry}.
 */
public record HadoopLocation(FileSystem fs, Path path) implements Location {
  private static final String SPARK_PREFIX = "spark.hadoop.";

  /** A path under Hadoop's own configuration and what spark-submit was told of it. */
  static HadoopLocation of(String path) {
    return of(path, configuration());
  }

  /** A path under a configuration. */
  public static HadoopLocation of(String path, Configuration hadoop) {
    try {
      Path plain = new Path(path);
      return new HadoopLocation(plain.getFileSystem(hadoop), plain);
    } catch (IOException e) {
      throw DataFaults.storage("open", path, e);
    } catch (RuntimeException e) { // as Hadoop throws where a jar of a file system is missing
      if (e.getCause() instanceof ClassNotFoundException missing) {
        throw UserFault.usage(
            "Cannot open "
                + path
                + ": expected its file system on the class path, found none: "
                + missing.getMessage());
      }
      throw e;
    }
  }

  /** Hadoop's own configuration and what spark-submit was told of it. */
  public static Configuration configuration() {
    Configuration hadoop = new Configuration();
    Properties given = System.getProperties();
    for (String key : given.stringPropertyNames()) {
      if (key.startsWith(SPARK_PREFIX)) {
        hadoop.set(key.substring(SPARK_PREFIX.length()), given.getProperty(key));
      }
    }
    return hadoop;
  }

  @Override
  public String name() {
    return path.getName();
  }

  @Override
  public Location child(String name) {
    return new HadoopLocation(fs, new Path(path, name));
  }

  @Override
  public Location sibling(String name) {
    return new HadoopLocation(fs, new Path(path.getParent(), name));
  }

  @Override
  public boolean exists() throws IOException {
    return retried("look for", () -> fs.exists(path));
  }

  @Override
  public boolean isFolder() throws IOException {
    return retried("look for", () -> fs.exists(path) && fs.getFileStatus(path).isDirectory());
  }

  @Override
  public List<Location> children() throws IOException {
    List<Location> children = new ArrayList<>();
    for (FileStatus child : retried("list", () -> fs.listStatus(path))) {
      children.add(new HadoopLocation(fs, child.getPath()));
    }
    return children;
  }

  @Override
  public long length() throws IOException {
    return retried("look for", () -> fs.getFileStatus(path)).getLen();
  }

  @Override
  public ByteSource open() throws IOException {
    return retried("open", () -> new HadoopSource(fs, path, retry()));
  }

  /** A failure that passes begins the file anew. */
  @Override
  public long write(Content content) throws IOException {
    return retried("write", () -> written(content));
  }

  private long written(Content content) throws IOException {
    FSDataOutputStream stored = fs.create(path, true);
    try (OutputStream out = new SeparateClose(stored)) {
      content.writeTo(out);
      if (stored.hasCapability(StreamCapabilities.HSYNC)) {
        stored.hsync();
      }
      return stored.getPos();
    }
  }

  @Override
  public boolean appearsWhole() throws IOException {
    return ObjectStore.holds(fs, path);
  }

  @Override
  public void delete() throws IOException {
    retried("delete", () -> fs.delete(path, true));
  }

  /**
   * HDFS and object stores refuse while something is there. An attempt may have succeeded although
   * its answer was lost: the next finds all moved.
   */
  @Override
  public boolean renameTo(Location other) throws IOException {
    Path target = ((HadoopLocation) other).path();
    AtomicInteger attempts = new AtomicInteger();
    try {
      return retried(
          "rename",
          () -> (attempts.getAndIncrement() > 0 && moved(target)) || fs.rename(path, target));
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private boolean moved(Path target) throws IOException {
    return !fs.exists(path) && fs.exists(target);
  }

  private <T> T retried(String verb, Retry.Work<T> work) throws IOException {
    return retry().run(verb + " " + path, work);
  }

  private Retry retry() {
    return Retry.configured(fs.getConf()::getInt);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
