package prior.progress;

import java.util.Locale;

/**
 * How far a job is.
 *
 * @param unit what is counted, in the singular
 * @param done units done
 * @param total units of the whole job, at least 1
 * @param secondsLeft until the end, as far as can be told
 * @param note what else to show, short
 */
public record Progress(String unit, long done, long total, double secondsLeft, String note) {
  private static final int SHORTEST_BAR = 10;

  /** Hours and minutes, or minutes and seconds where it is less than an hour. */
  public static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%dm%02ds".formatted(whole / 60, whole % 60)
        : "%dh%02dm".formatted(whole / 3600, whole % 3600 / 60);
  }

  /** A line of exactly so many columns: count, bar, share, note and time left. */
  String line(int columns) {
    String before = "%s %d/%d ".formatted(unit, done, total);
    String after =
        String.format(
            Locale.ROOT, " %3d%% %s eta=%s", 100 * done / total, note, duration(secondsLeft));
    int bar = columns - before.length() - after.length() - 2;
    String line = bar < SHORTEST_BAR ? before + after.strip() : before + bar(bar) + after;
    return line.length() < columns
        ? line + " ".repeat(columns - line.length())
        : line.substring(0, columns);
  }

  private String bar(int length) {
    int full = (int) (length * done / total);
    String head = full < length ? ">" : "";
    return "[" + "=".repeat(full) + head + " ".repeat(length - full - head.length()) + "]";
  }
}
