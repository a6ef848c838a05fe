package prior.infer.spark;

import java.io.Serializable;
import java.util.List;

/**
 * What became of one unit of work, by the attempt that counts.
 *
 * @param unit its number
 * @param rows read
 * @param skipped of these, left out
 * @param skips the attempt's list of them; null where there are none
 * @param seconds the task took
 */
record DoneUnit(int unit, long rows, long skipped, String skips, double seconds, List<Part> files)
    implements Serializable {

  /**
   * A file.
   *
   * @param attempt its name while it is not published
   * @param name the one it is published under
   */
  record Part(String attempt, String name, long rows, long bytes, String sha256)
      implements Serializable {}

  long written() {
    return files.stream().mapToLong(Part::rows).sum();
  }
}
