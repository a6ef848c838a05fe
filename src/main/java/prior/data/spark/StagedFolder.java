package prior.data.spark;

import java.io.Closeable;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.DataFaults;
import prior.fault.UserFault;

/**
 * A folder that is written beside its place under another name and appears there by one rename.
 * Closed without being published, it leaves nothing.
 */
public final class StagedFolder implements Closeable {
  private final FileSystem fs;
  private final Path output;
  private final Path stage;
  private final boolean overwrite;
  private boolean published;

  public StagedFolder(Configuration conf, String output, boolean overwrite) {
    try {
      Path plain = new Path(output);
      this.fs = plain.getFileSystem(conf);
      this.output = fs.makeQualified(plain);
      this.overwrite = overwrite;
      this.stage = sibling("writing");
      refuseExisting();
      fs.mkdirs(stage);
    } catch (IOException e) {
      throw DataFaults.storage("write", output, e);
    }
  }

  public Path path() {
    return stage;
  }

  /** Puts the folder in its place; what was there is removed after. */
  public void publish() {
    try {
      refuseExisting();
      Path old = sibling("replaced");
      boolean replaces = fs.exists(output);
      if (replaces) {
        rename(output, old);
      }
      rename(stage, output);
      published = true;
      if (replaces) {
        fs.delete(old, true);
      }
    } catch (IOException e) {
      throw DataFaults.storage("publish", output.toString(), e);
    }
  }

  @Override
  public void close() {
    try {
      if (!published) {
        fs.delete(stage, true);
      }
    } catch (IOException e) {
      throw DataFaults.storage("remove", stage.toString(), e);
    }
  }

  private void refuseExisting() throws IOException {
    if (!overwrite && fs.exists(output)) {
      throw UserFault.usage(
          "Cannot write "
              + output
              + ": it exists, expected a new folder or mode overwrite, found "
              + fs.listStatus(output).length
              + " files");
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      throw new IOException("could not rename " + from + " to " + to);
    }
  }

  private Path sibling(String what) {
    String name = "." + output.getName() + "." + what + "-" + UUID.randomUUID();
    return new Path(output.getParent(), name);
  }
}
