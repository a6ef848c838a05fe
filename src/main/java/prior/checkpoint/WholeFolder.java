package prior.checkpoint;

import java.io.IOException;
import prior.data.DataFaults;
import prior.fault.UserFault;

/** A new folder that appears whole or not at all: written under another name, then renamed. */
public final class WholeFolder {
  private WholeFolder() {}

  /** Writes the folder's files. */
  @FunctionalInterface
  public interface Filling {
    void fill(Location folder) throws IOException;
  }

  /**
   * Writes a folder.
   *
   * @throws UserFault if there is something already
   */
  public static void write(Location folder, Filling filling) {
    Location writing = folder.sibling("." + folder.name() + ".writing");
    try {
      refuseExisting(folder);
      writing.delete();
      filling.fill(writing);
      if (!writing.renameTo(folder)) {
        throw new IOException(writing.name() + " could not be renamed");
      }
    } catch (IOException e) {
      remove(writing, e);
      throw DataFaults.storage("write", folder.toString(), e);
    } catch (RuntimeException e) {
      remove(writing, e);
      throw e;
    }
  }

  /** Refuses an output that is there, before any work is done for it. */
  public static void refuseExisting(Location folder) {
    try {
      if (folder.exists()) {
        throw UserFault.usage(
            "Cannot write " + folder + ": expected nothing there, found a file or folder");
      }
    } catch (IOException e) {
      throw DataFaults.storage("write", folder.toString(), e);
    }
  }

  private static void remove(Location writing, Exception failure) {
    try {
      writing.delete();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
