package prior.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A small file that names one of a run's checkpoints. */
final class Pointer {
  private final Location file;
  private final Location writing;

  /**
   * @param name the file's
   */
  Pointer(Location run, String name) {
    this.file = run.child(name);
    this.writing = run.child("." + name + ".writing");
  }

  /** The name, if there is a pointer; refused if it is no plain name. */
  Optional<String> read() {
    try {
      String name = new String(CheckedFiles.bytes(file), StandardCharsets.UTF_8).strip();
      return Optional.of(SafeName.of(name, file.toString()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw CheckedFiles.fault(file, e);
    }
  }

  /**
   * Replaces it; a reader in between finds the old one or the new one, on HDFS perhaps none, for
   * its renames replace nothing.
   */
  void write(String name) throws IOException {
    byte[] text = (name + "\n").getBytes(StandardCharsets.UTF_8);
    if (file.appearsWhole()) {
      CheckedFiles.write(file, out -> out.write(text));
      return;
    }
    CheckedFiles.write(writing, out -> out.write(text));
    if (writing.renameTo(file)) {
      return;
    }
    file.delete();
    if (!writing.renameTo(file)) {
      throw new IOException("the new pointer could not be renamed");
    }
  }

  /** Removes it. */
  void delete() throws IOException {
    file.delete();
  }
}
