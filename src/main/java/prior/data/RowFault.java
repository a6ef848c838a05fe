package prior.data;

/**
 * What is wrong with one vector, or with the key, of one row.
 *
 * @param kind the family, by which faults are counted
 * @param what the part of the row, mostly a column
 * @param expected for the message
 * @param found for the message
 */
public record RowFault(Kind kind, String what, String expected, String found) {

  /** The families, with the words that messages and statistics use. */
  public enum Kind {
    MISSING("missing"),
    WRONG_WIDTH("wrong width"),
    NOT_FINITE("not finite"),
    ZERO("zero vector"),
    NO_KEY("no key"),
    UNPAIRED("unpaired"),
    UNREADABLE("unreadable");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /** The fault of a vector of the right width, or null: numbers that are not finite, all zeros. */
  public static RowFault ofVector(String what, float[] values, int from, int width) {
    boolean zero = true;
    for (int i = 0; i < width; i++) {
      float value = values[from + i];
      if (!Float.isFinite(value)) {
        return new RowFault(Kind.NOT_FINITE, what, "finite numbers", value + " at position " + i);
      }
      zero &= value == 0;
    }
    return zero ? new RowFault(Kind.ZERO, what, "a vector to normalise", "only zeros") : null;
  }

  /** Why the row is refused, as the middle of a message. */
  public String reason() {
    return kind.words() + " in " + what;
  }
}
