package prior.data;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * The columns of a table of pairs; names are matched without regard to case.
 *
 * @param text text embedding, one vector a row
 * @param image image embedding, one vector a row
 * @param textEncodings encodings of the text's tokens, one tokens x width matrix a row
 * @param key what names a row for ever; without it a row is named by file and position
 * @param attributes columns that condition a network beside the text
 */
public record PairColumns(
    String text,
    String image,
    Optional<String> textEncodings,
    Optional<String> key,
    List<AttributeColumn> attributes)
    implements Serializable {

  public PairColumns {
    attributes = List.copyOf(attributes);
  }

  /** Columns without attributes. */
  public PairColumns(
      String text, String image, Optional<String> textEncodings, Optional<String> key) {
    this(text, image, textEncodings, key, List.of());
  }

  /** The columns as prepared data names them. */
  public static PairColumns prepared() {
    return new PairColumns(
        "text_embedding", "image_embedding", Optional.empty(), Optional.of("key"));
  }

  private Object writeReplace() {
    return new Wire(text, image, textEncodings.orElse(null), key.orElse(null), attributes);
  }

  /** Optional is not serialisable; null stands for absence on the way to an executor. */
  private record Wire(
      String text, String image, String textEncodings, String key, List<AttributeColumn> attributes)
      implements Serializable {
    private Object readResolve() {
      return new PairColumns(
          text, image, Optional.ofNullable(textEncodings), Optional.ofNullable(key), attributes);
    }
  }
}
