package prior.checkpoint;

import java.io.IOException;

/** A storage's own checksums say that a file is not what was written. */
final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1;

  DamagedFileException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
