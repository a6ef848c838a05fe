package prior.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;

/**
 * A small file that is only ever replaced whole: whoever reads it, and whoever goes on after a
 * kill, finds the old content or the new. On HDFS, whose renames replace nothing, a reader may for
 * a moment find none; what was written then lies beside it.
 */
public final class ReplacedFile {
  private final Location file;
  private final Location writing;

  /** The file of a name in a folder; it need not be there. */
  public ReplacedFile(Location folder, String name) {
    this.file = folder.child(name);
    this.writing = folder.child(unfinished(name));
  }

  /**
   * What a replacement that was killed leaves beside a file: whole where the file is away, unless
   * it would have been the first.
   */
  public static String unfinished(String name) {
    return "." + name + ".writing";
  }

  /** Its content, at most 16 MiB, if it is there. */
  Optional<byte[]> read() {
    try {
      return Optional.of(CheckedFiles.bytes(file));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw CheckedFiles.fault(file, e);
    }
  }

  /** Replaces it. */
  public void write(byte[] content) throws IOException {
    if (file.appearsWhole()) {
      file.write(out -> out.write(content));
      return;
    }
    writing.write(out -> out.write(content));
    if (writing.renameTo(file)) {
      return;
    }
    file.delete();
    if (!writing.renameTo(file)) {
      throw new IOException("the new " + file + " could not be renamed");
    }
  }

  /** Removes it. */
  void delete() throws IOException {
    file.delete();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
