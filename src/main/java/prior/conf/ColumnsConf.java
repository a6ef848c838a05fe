package prior.conf;

import java.io.Serializable;

/**
 * {@code data.columns}: names of columns, matched without regard to case.
 *
 * @param textEmbedding null where the data has none
 * @param textEncodings null where the data has none, or under {@link #encodings the usual name}
 * @param textMask which text encodings count; null where rows of zeros are the padding
 * @param key what names a row for ever; null to name it by file and position
 */
public record ColumnsConf(
    String textEmbedding, String imageEmbedding, String textEncodings, String textMask, String key)
    implements Serializable {

  public ColumnsConf {
    new Check()
        .that(
            textEmbedding == null || !textEmbedding.isBlank(),
            "text_embedding must name a column but was empty")
        .that(!imageEmbedding.isBlank(), "image_embedding must name a column but was empty")
        .done();
  }

  /** The column of text encodings, for a network that takes them. */
  public String encodings() {
    return textEncodings == null ? "text_encodings" : textEncodings;
  }
}
