package prior.model;

import java.io.Serializable;
import java.util.List;
import prior.conf.ImageScale;
import prior.conf.NetConf;
import prior.conf.PriorConf;
import prior.conf.TextPadding;

/**
 * The sizes and switches of DALLE2-pytorch's network.
 *
 * <p>Letters used in this package: {@code B} rows of a batch, {@code N} tokens of a row, {@code D}
 * width of a token, {@code W} of an image embedding, {@code P} of a text embedding, {@code E} of
 * text encodings, {@code H} attention heads, {@code d} width of a head, {@code F} hidden width of
 * the feed-forward, {@code M} text rows, {@code S} diffusion timesteps.
 *
 * @param timesteps entries S of the time table; 0 where time is continuous
 * @param textEmbeds tokens of the text embedding; 0 where there is none
 * @param widths of what comes in
 * @param masked whether padding of the text is not looked at; else null rows stand there
 * @param scale decides which numbers about image embeddings lie among the parameters
 * @param textEncodings whether text rows come with the data; otherwise every slot holds its null
 *     row
 * @param attributes conditions beside the text, a token each
 */
public record Dalle2Shape(
    int dim,
    Widths widths,
    boolean masked,
    ImageScale scale,
    int depth,
    int heads,
    int dimHead,
    int ffMult,
    int timesteps,
    int maxTextLen,
    int textEmbeds,
    int timeEmbeds,
    int imageEmbeds,
    boolean textEncodings,
    boolean selfCond,
    boolean normIn,
    boolean normOut,
    boolean finalProj,
    boolean normformer,
    boolean rotary,
    List<AttributeShape> attributes)
    implements NetworkShape {

  /**
   * Widths of embeddings.
   *
   * @param image W
   * @param text P; not looked at where there is no text embedding
   * @param encodings E
   */
  public record Widths(int image, int text, int encodings) implements Serializable {
    /** All of the tokens' width. */
    static Widths of(int dim) {
      return new Widths(dim, dim, dim);
    }
  }

  /** The part of a prior's configuration that shapes its network. */
  static Dalle2Shape of(PriorConf prior) {
    NetConf net = prior.net();
    return new Dalle2Shape(
        net.dim(),
        new Widths(net.imageDim(), net.textDim(), net.encodingDim()),
        net.textPadding() == TextPadding.MASKED,
        prior.imageScale(),
        net.depth(),
        net.heads(),
        net.dimHead(),
        net.ffMult(),
        net.numTimesteps() == null ? 0 : net.numTimesteps(),
        net.maxTextLen(),
        net.textDim() == 0 ? 0 : net.numTextEmbeds(),
        net.numTimeEmbeds(),
        net.numImageEmbeds(),
        prior.conditionOnTextEncodings(),
        net.selfCond(),
        net.normIn(),
        net.normOut(),
        net.finalProj(),
        net.normformer(),
        net.rotaryEmb(),
        net.attributes().stream().map(AttributeShape::of).toList());
  }

  /**
   * N: text rows, text embedding, attributes, time, noised image, self-conditioning where used,
   * learned query.
   */
  public int tokens() {
    int step = timeEmbeds + imageEmbeds + (selfCond ? 1 : 0) + 1;
    return maxTextLen + textEmbeds + attributes.size() + step;
  }

  /** H * d, the width of all queries of a token. */
  public int inner() {
    return heads * dimHead;
  }

  /** F, the hidden width of the feed-forward. */
  public int ffInner() {
    return ffMult * dim;
  }

  /** Channels of a head that rotate with position: the first min(32, d). */
  public int rotaryDims() {
    return Math.min(32, dimHead);
  }

  /** Whether text encodings are brought to the tokens' width. */
  boolean projectsEncodings() {
    return textEncodings && widths.encodings() != dim;
  }

  /** Whether text embeddings are brought to the tokens' width. */
  boolean projectsText() {
    return textEmbeds > 0 && widths.text() != dim;
  }

  /** Whether image embeddings are brought to the tokens' width. */
  boolean projectsImage() {
    return widths.image() != dim;
  }

  /** Whether time is a continuous embedding through an MLP instead of a table. */
  public boolean continuousTime() {
    return timesteps == 0;
  }

  @Override
  public int imageDim() {
    return widths.image();
  }

  @Override
  public int outputDim() {
    return widths.image();
  }

  @Override
  public int textDim() {
    return textEmbeds == 0 ? 0 : widths.text();
  }

  @Override
  public int encodingRows() {
    return textEncodings ? maxTextLen : 0;
  }

  @Override
  public int encodingDim() {
    return widths.encodings();
  }

  @Override
  public boolean masksText() {
    return false;
  }

  @Override
  public ParameterLayout layout() {
    return ParameterLayout.ofDalle2(this);
  }
}
