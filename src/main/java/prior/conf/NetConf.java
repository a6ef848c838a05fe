package prior.conf;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;

/**
 * {@code prior.net}: the reference's {@code DiffusionPriorNetwork}.
 *
 * @param dim D, width of the embeddings
 * @param numTimesteps entries of the time table; null for continuous time
 * @param maxTextLen text rows of the sequence
 * @param attributes conditions beside the text, in the order of their tokens
 */
public record NetConf(
    int dim,
    int depth,
    Integer numTimesteps,
    int maxTextLen,
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
}
