package prior.model;

import java.util.List;
import prior.conf.NetConf;
import prior.conf.PriorConf;

/**
 * The sizes and switches of DALLE2-pytorch's network.
 *
 * <p>Letters used in this package: {@code B} rows of a batch, {@code N} tokens of a row, {@code D}
 * width of an embedding, {@code H} attention heads, {@code d} width of a head, {@code F} hidden
 * width of the feed-forward, {@code M} text rows, {@code S} diffusion timesteps.
 *
 * @param timesteps entries S of the time table; 0 where time is continuous
 * @param textEncodings whether text rows come with the data; otherwise every slot holds its null
 *     row
 * @param attributes conditions beside the text, a token each
 */
public record Dalle2Shape(
    int dim,
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

  /** The part of a prior's configuration that shapes its network. */
  static Dalle2Shape of(PriorConf prior) {
    NetConf net = prior.net();
    return new Dalle2Shape(
        net.dim(),
        net.depth(),
        net.heads(),
        net.dimHead(),
        net.ffMult(),
        net.numTimesteps() == null ? 0 : net.numTimesteps(),
        net.maxTextLen(),
        net.numTextEmbeds(),
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

  /** Whether time is a continuous embedding through an MLP instead of a table. */
  public boolean continuousTime() {
    return timesteps == 0;
  }

  @Override
  public int imageDim() {
    return dim;
  }

  @Override
  public int outputDim() {
    return dim;
  }

  @Override
  public int textDim() {
    return dim;
  }

  @Override
  public int encodingRows() {
    return textEncodings ? maxTextLen : 0;
  }

  @Override
  public int encodingDim() {
    return dim;
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
