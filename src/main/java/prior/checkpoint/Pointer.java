package prior.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A small file that names one of a run's checkpoints. */
final class Pointer {
  private final ReplacedFile file;

  /**
   * @param name the file's
   */
  Pointer(Location run, String name) {
    this.file = new ReplacedFile(run, name);
  }

  /** The name, if there is a pointer; refused if it is no plain name. */
  Optional<String> read() {
    return file.read()
        .map(text -> SafeName.of(new String(text, StandardCharsets.UTF_8).strip(), file + ""));
  }

  void write(String name) throws IOException {
    file.write((name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Removes it. */
  void delete() throws IOException {
    file.delete();
  }
}
