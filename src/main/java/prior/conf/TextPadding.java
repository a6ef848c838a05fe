package prior.conf;

import java.util.Locale;

/** What stands in the text rows that a shorter text leaves. */
public enum TextPadding {
  /** The learned null row of the position, as DALLE2-pytorch has it. */
  NULL_ROWS,
  /** Nothing that any token looks at. */
  MASKED;

  /** As in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
