package prior.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import prior.data.ByteSource;
import prior.fault.UserFault;

/**
 * A file or folder: on a local disk by Java's own means, anywhere else by Hadoop's. Only the latter
 * needs Hadoop on the class path.
 */
public interface Location {
  /** The last element of the path. */
  String name();

  /** What lies under a name in this folder. */
  Location child(String name);

  /** What lies beside this under another name. */
  Location sibling(String name);

  boolean exists() throws IOException;

  boolean isFolder() throws IOException;

  /**
   * What the folder holds, in no order.
   *
   * @throws java.io.FileNotFoundException if there is no such folder
   */
  List<Location> children() throws IOException;

  /** A file's bytes. */
  long length() throws IOException;

  /**
   * Opens a file.
   *
   * @throws java.io.FileNotFoundException if there is none
   */
  ByteSource open() throws IOException;

  /**
   * Creates or replaces a file and, where the storage can, forces its bytes to the disks.
   *
   * @return the bytes written
   */
  long write(Content content) throws IOException;

  /** Whether what is written to a file appears at its end only, in place of what was there. */
  boolean appearsWhole() throws IOException;

  /** Removes a file, or a folder with all it holds; nothing if there is none. */
  void delete() throws IOException;

  /** Renames to another place of the same storage, which is replaced only on local disks. */
  boolean renameTo(Location other) throws IOException;

  /** Writes a file's content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A path, local unless it names a scheme other than {@code file:}. */
  static Location of(String path) {
    if (!Pattern.matches("[A-Za-z][A-Za-z0-9+.-]+:.*", path)) {
      return new LocalLocation(Path.of(path));
    }
    if (path.startsWith("file:")) {
      return new LocalLocation(Path.of(path.replaceFirst("^file:(//)?", "")));
    }
    try {
      return HadoopLocation.of(path);
    } catch (NoClassDefFoundError e) {
      throw UserFault.usage(
          "Cannot open "
              + path
              + ": expected Hadoop on the class path, found none; ./submit.sh brings it");
    }
  }
}
