package prior.data;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * The columns of a table of pairs; names are matched without regard to case.
 *
 * @param text text embedding, one vector a row; without it a pair's text is its encodings alone
 * @param image image embedding, one vector a row
 * @param encodings of the text's tokens
 * @param key what names a row for ever; without it a row is named by file and position
 * @param attributes columns that condition a network beside the text
 */
public record PairColumns(
    Optional<String> text,
    String image,
    Optional<EncodingColumns> encodings,
    Optional<String> key,
    List<AttributeColumn> attributes)
    implements Serializable {

  public PairColumns {
    attributes = List.copyOf(attributes);
  }

  /** Columns of embeddings alone. */
  public static PairColumns of(String text, String image, Optional<String> key) {
    return new PairColumns(Optional.ofNullable(text), image, Optional.empty(), key, List.of());
  }

  /** The columns as prepared data names them. */
  public static PairColumns prepared() {
    return of("text_embedding", "image_embedding", Optional.of("key"));
  }

  private Object writeReplace() {
    return new Wire(text.orElse(null), image, encodings.orElse(null), key.orElse(null), attributes);
  }

  /** Optional is not serialisable; null stands for absence on the way to an executor. */
  private record Wire(
      String text,
      String image,
      EncodingColumns encodings,
      String key,
      List<AttributeColumn> attributes)
      implements Serializable {
    private Object readResolve() {
      return new PairColumns(
          Optional.ofNullable(text),
          image,
          Optional.ofNullable(encodings),
          Optional.ofNullable(key),
          attributes);
    }
  }
}
