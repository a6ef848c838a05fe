package prior.train;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import prior.data.WorkUnit;

/**
 * Which rows make a batch, as a short text that travels to a worker: the epoch, and slices of row
 * groups in the epoch's order of rows.
 */
public record BatchSpec(long epoch, List<Slice> slices) {

  /** Rows {@code from} to {@code to}, exclusive, of a row group's shuffled order. */
  public record Slice(WorkUnit unit, int from, int to) {}

  /** Rows of the batch. */
  public int rows() {
    return slices.stream().mapToInt(slice -> slice.to() - slice.from()).sum();
  }

  /** One line; {@link #parse} reads it back. */
  public String text() {
    StringJoiner text = new StringJoiner("\n");
    text.add(Long.toString(epoch));
    for (Slice slice : slices) {
      WorkUnit unit = slice.unit();
      text.add(
          "%d %d %d %d %s"
              .formatted(unit.rowGroup(), unit.rows(), slice.from(), slice.to(), unit.file()));
    }
    return text.toString();
  }

  /** The batch a {@link #text} describes. */
  public static BatchSpec parse(String text) {
    String[] lines = text.split("\n", -1);
    List<Slice> slices = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      String[] parts = lines[i].split(" ", 5);
      WorkUnit unit =
          new WorkUnit(parts[4], Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      slices.add(new Slice(unit, Integer.parseInt(parts[2]), Integer.parseInt(parts[3])));
    }
    return new BatchSpec(Long.parseLong(lines[0]), slices);
  }
}
