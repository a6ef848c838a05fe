package prior.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The small file that names a run's published checkpoint. */
final class LatestPointer {
  private final FileSystem fs;
  private final Path file;
  private final Path writing;

  LatestPointer(FileSystem fs, Path run) {
    this.fs = fs;
    this.file = new Path(run, "LATEST");
    this.writing = new Path(run, ".LATEST.writing");
  }

  /** The name, if there is a pointer; refused if it is no plain name. */
  Optional<String> read() {
    try {
      String name = new String(CheckedFiles.bytes(fs, file), StandardCharsets.UTF_8).strip();
      return Optional.of(SafeName.of(name, file));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw CheckedFiles.fault(file, e);
    }
  }

  /** Replaces it; a reader in between finds the old one, the new one or none. */
  void write(String name) throws IOException {
    byte[] text = (name + "\n").getBytes(StandardCharsets.UTF_8);
    CheckedFiles.write(fs, writing, out -> out.write(text));
    if (renamed()) {
      return;
    }
    fs.delete(file, false);
    if (!renamed()) {
      throw new IOException("the new pointer could not be renamed");
    }
  }

  /** Local disks replace the file at once; HDFS and object stores refuse while there is one. */
  private boolean renamed() throws IOException {
    try {
      return fs.rename(writing, file);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }
}
