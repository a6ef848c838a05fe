package prior.conf;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;

/**
 * {@code prior.net}: the reference's {@code DiffusionPriorNetwork}.
 *
 * @param dim D, width of the tokens
 * @param numTimesteps entries of the time table; null for continuous time
 * @param maxTextLen text rows of the sequence
 * @param textWidth of text encodings; null for {@code dim}
 * @param textEmbedWidth of text embeddings; null for {@code dim}, 0 where there are none
 * @param imageWidth of image embeddings; null for {@code dim}
 * @param textPadding what stands in the rows that a text leaves
 * @param attributes conditions beside the text, in the order of their tokens
 */
public record NetConf(
    int dim,
    int depth,
    Integer numTimesteps,
    int maxTextLen,
    Integer textWidth,
    Integer textEmbedWidth,
    Integer imageWidth,
    TextPadding textPadding,
    int numTimeEmbeds,
    int numImageEmbeds,
    int numTextEmbeds,
    int dimHead,
    int heads,
    int ffMult,
    boolean normIn,
    boolean normOut,
    double attnDropout,
    double ffDropout,
    boolean finalProj,
    boolean normformer,
    boolean rotaryEmb,
    boolean selfCond,
    List<AttributeConf> attributes)
    implements Serializable {

  public NetConf {
    attributes = attributes == null ? List.of() : List.copyOf(attributes);
    List<String> names = attributes.stream().map(AttributeConf::name).toList();
    new Check()
        .within("dim", dim, 2, 65536)
        .within("depth", depth, 1, 1000)
        .within("num_timesteps", numTimesteps, 1, 1_000_000)
        .within("max_text_len", maxTextLen, 1, 65536)
        .within("text_width", textWidth, 1, 65536)
        .within("text_embed_width", textEmbedWidth, 0, 65536)
        .within("image_width", imageWidth, 2, 65536)
        .that(
            finalProj || imageWidth == null || imageWidth == dim,
            "final_proj must be true where image_width is not dim")
        .within("num_time_embeds", numTimeEmbeds, 1, 1024)
        .within("num_image_embeds", numImageEmbeds, 1, 1024)
        .within("num_text_embeds", numTextEmbeds, 1, 1024)
        .within("dim_head", dimHead, 1, 65536)
        .within("heads", heads, 1, 1024)
        .within("ff_mult", ffMult, 1, 1024)
        .within("attn_dropout", attnDropout, 0, 0.999)
        .within("ff_dropout", ffDropout, 0, 0.999)
        .that(
            new HashSet<>(names).size() == names.size(),
            "attributes must have different names but was " + names)
        .done();
  }

  /** E, the width of text encodings. */
  public int encodingDim() {
    return textWidth == null ? dim : textWidth;
  }

  /** P, the width of text embeddings; 0 where there are none. */
  public int textDim() {
    return textEmbedWidth == null ? dim : textEmbedWidth;
  }

  /** W, the width of image embeddings. */
  public int imageDim() {
    return imageWidth == null ? dim : imageWidth;
  }
}
