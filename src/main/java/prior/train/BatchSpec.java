package prior.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import prior.data.KeyHash;
import prior.data.WorkUnit;

/**
 * Which rows make a batch, as a short text that travels to a worker: slices of row groups, each in
 * the order of rows of its epoch.
 */
public record BatchSpec(List<Slice> slices) {
  private static final Pattern FOLDERS = Pattern.compile("(?m)^((?:\\S+ ){5}).*/");

  /** Rows {@code from} to {@code to}, exclusive, of a row group as the epoch shuffles it. */
  public record Slice(long epoch, WorkUnit unit, int from, int to) {
    /** Rows of the slice. */
    public int rows() {
      return to - from;
    }
  }

  /** Rows of the batch. */
  public int rows() {
    return slices.stream().mapToInt(Slice::rows).sum();
  }

  /** One line for each slice; {@link #parse} reads it back. */
  public String text() {
    StringJoiner text = new StringJoiner("\n");
    for (Slice slice : slices) {
      WorkUnit unit = slice.unit();
      text.add(
          "%d %s %d %d %d %s"
              .formatted(
                  slice.epoch(), place(unit), unit.rows(), slice.from(), slice.to(), unit.file()));
    }
    return text.toString();
  }

  /**
   * A row group by its number alone, so that the text of a batch, which names its dropout, is for
   * ever the same; a slice with its first row and the row group's rows.
   */
  private static String place(WorkUnit unit) {
    return unit.whole()
        ? Integer.toString(unit.rowGroup())
        : "%d:%d:%d".formatted(unit.rowGroup(), unit.from(), unit.groupRows());
  }

  private static WorkUnit unit(String file, String place, int rows) {
    int[] numbers = Arrays.stream(place.split(":")).mapToInt(Integer::parseInt).toArray();
    return numbers.length == 1
        ? new WorkUnit(file, numbers[0], rows)
        : new WorkUnit(file, numbers[0], numbers[2], numbers[1], rows);
  }

  /** What a batch draws its dropout by: its text, without the folders its files lie in. */
  public static long name(String text) {
    return KeyHash.of(FOLDERS.matcher(text).replaceAll("$1"));
  }

  /** The batch a {@link #text} describes. */
  public static BatchSpec parse(String text) {
    List<Slice> slices = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] parts = line.split(" ", 6);
      slices.add(
          new Slice(
              Long.parseLong(parts[0]),
              unit(parts[5], parts[1], Integer.parseInt(parts[2])),
              Integer.parseInt(parts[3]),
              Integer.parseInt(parts[4])));
    }
    return new BatchSpec(slices);
  }
}
