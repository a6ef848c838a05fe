package prior.checkpoint;

/** Text of a file nobody vouches for, made fit for one line of a message. */
final class Shown {
  private static final int LONGEST = 120;

  private Shown() {}

  static String text(String found) {
    String line = String.valueOf(found).replaceAll("\\p{Cntrl}", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  static String tensor(String file, String tensor) {
    return file + ", tensor " + text(tensor);
  }
}
