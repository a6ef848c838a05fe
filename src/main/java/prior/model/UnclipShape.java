package prior.model;

import java.util.List;
import prior.conf.UnclipConf;

/**
 * The sizes and switches of diffusers' network.
 *
 * <p>Letters in its classes: {@code B} rows of a batch, {@code N} text tokens, {@code K} image
 * tokens, {@code n} all tokens of a row, {@code D} the network's width, {@code H} heads of width
 * {@code d}, {@code E} width of an image token, {@code P} width of a text embedding, {@code Q}
 * tokens that are read.
 */
public record UnclipShape(UnclipConf conf) implements NetworkShape {
  private static final int FEED_FORWARD = 4;

  /** n: text tokens, text embedding, time, image tokens, prd where there is one. */
  public int tokens() {
    return conf.textTokens() + 2 + conf.imageTokens() + (prd() ? 1 : 0);
  }

  /** Whether the prediction is read from a learned token at the end. */
  public boolean prd() {
    return conf.addedEmbType() == UnclipConf.AddedToken.PRD;
  }

  /** Q, the last tokens, which are read. */
  public int outputTokens() {
    return prd() ? 1 : conf.imageTokens();
  }

  /** D. */
  public int inner() {
    return conf.inner();
  }

  /** Hidden width of the feed-forward. */
  public int hidden() {
    return FEED_FORWARD * inner();
  }

  /** Rows of the table of positions: all tokens, or the image tokens alone. */
  public int positions() {
    return conf.numEmbeddings() + conf.additionalEmbeddings();
  }

  /** The token that the first row of the table belongs to. */
  public int firstPosition() {
    return conf.additionalEmbeddings() == 0 ? 2 : 0;
  }

  @Override
  public int imageDim() {
    return conf.imageTokens() * conf.embeddingDim();
  }

  @Override
  public int outputDim() {
    return outputTokens() * conf.outputDim();
  }

  @Override
  public int textDim() {
    return conf.textDim();
  }

  @Override
  public int encodingRows() {
    return conf.textTokens();
  }

  @Override
  public int encodingDim() {
    return conf.encodingDim();
  }

  @Override
  public boolean masksText() {
    return conf.masked() && conf.textTokens() > 0;
  }

  @Override
  public List<AttributeShape> attributes() {
    return List.of();
  }

  @Override
  public boolean selfCond() {
    return false;
  }

  @Override
  public ParameterLayout layout() {
    return UnclipLayout.of(this);
  }
}
