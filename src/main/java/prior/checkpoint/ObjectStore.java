package prior.checkpoint;

import java.io.IOException;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Storages that only imitate folders. A file appears when it is closed, whole and in place of the
 * one before; a folder's rename copies one file after the other; and of two writers that create a
 * file side by side, each may be told that it did.
 */
public final class ObjectStore {
  private ObjectStore() {}

  /** Whether a path lies in one; S3A's streams can be given up before anything appears. */
  public static boolean holds(FileSystem fs, Path path) throws IOException {
    return fs.hasPathCapability(path, CommonPathCapabilities.ABORTABLE_STREAM);
  }
}
