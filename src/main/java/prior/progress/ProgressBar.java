package prior.progress;

import java.io.Console;
import java.io.PrintWriter;

/**
 * A line at the bottom of a terminal, drawn over itself. Where standard output is no terminal
 * nothing is drawn, and where it is one nothing else receives what is drawn: logs go to standard
 * error and stay lines of their own.
 *
 * <p>The cursor rests at the line's start, so that what comes next overwrites the bar.
 */
public final class ProgressBar {
  private static final int USUAL_COLUMNS = 80;

  private final PrintWriter terminal;
  private final int columns;

  /**
   * @param terminal null where there is none
   * @param columns of the terminal; the last stays free, for some terminals wrap at it
   */
  ProgressBar(PrintWriter terminal, int columns) {
    this.terminal = terminal;
    this.columns = columns - 1;
  }

  /** The bar of the terminal the job was started from, if it was from one. */
  public static ProgressBar onTerminal() {
    Console console = System.console(); // null where input or output is redirected
    return new ProgressBar(console == null ? null : console.writer(), columns());
  }

  private static int columns() {
    String exported = System.getenv("COLUMNS");
    return exported != null && exported.matches("[1-9][0-9]{1,3}")
        ? Integer.parseInt(exported)
        : USUAL_COLUMNS;
  }

  /** Draws, over what was drawn before. */
  public void draw(Progress progress) {
    write(progress.line(columns));
  }

  /** Leaves an empty line, for something else to be printed. */
  public void erase() {
    write(" ".repeat(columns));
  }

  private void write(String line) {
    if (terminal != null) {
      terminal.print("\r" + line + "\r");
      terminal.flush();
    }
  }
}
