package prior.conf;

import java.io.Serializable;

/**
 * {@code prior.unclip}: diffusers' {@code PriorTransformer}, under its own names.
 *
 * @param embeddingDim E, width of image embeddings and text encodings
 * @param numEmbeddings text tokens N; image tokens where {@code additionalEmbeddings} is 0
 * @param additionalEmbeddings the other tokens of the sequence: text embedding, time, image and, if
 *     there is one, prd; 0 where positions are learned for image tokens alone, as Shap-E's are
 * @param timeEmbedDim hidden width of the time embedding; null for the network's width
 * @param embeddingProjDim P, width of text embeddings; null for E
 * @param clipEmbedDim width of predictions; null for E
 * @param attentionMask whether attention is causal and leaves padding out, as it is where text
 *     tokens come with a mask; null for true where the network has text tokens
 */
public record UnclipConf(
    int numAttentionHeads,
    int attentionHeadDim,
    int numLayers,
    int embeddingDim,
    int numEmbeddings,
    int additionalEmbeddings,
    double dropout,
    Activation timeEmbedActFn,
    NormType normInType,
    NormType embeddingProjNormType,
    EncoderProjection encoderHidProjType,
    AddedToken addedEmbType,
    Integer timeEmbedDim,
    Integer embeddingProjDim,
    Integer clipEmbedDim,
    Boolean attentionMask,
    UnclipSchedulerConf scheduler)
    implements Serializable {

  /** The time embedding's activation. */
  public enum Activation {
    SILU,
    /** Another name of SiLU. */
    SWISH,
    /** The exact one, by the error function. */
    GELU
  }

  /** An optional layer norm. */
  public enum NormType {
    NONE,
    LAYER
  }

  /** How text encodings enter. */
  public enum EncoderProjection {
    NONE,
    LINEAR
  }

  /** The token the prediction is read from. */
  public enum AddedToken {
    /** The image tokens themselves. */
    NONE,
    /** A learned one at the end. */
    PRD
  }

  public UnclipConf {
    int others = addedEmbType == AddedToken.PRD ? 4 : 3;
    new Check()
        .within("num_attention_heads", numAttentionHeads, 1, 1024)
        .within("attention_head_dim", attentionHeadDim, 1, 65536)
        .within("num_layers", numLayers, 1, 1000)
        .within("embedding_dim", embeddingDim, 1, 65536)
        .within("num_embeddings", numEmbeddings, 0, 65536)
        .within("dropout", dropout, 0, 0.999)
        .within("time_embed_dim", timeEmbedDim, 1, 1_048_576)
        .within("embedding_proj_dim", embeddingProjDim, 1, 65536)
        .within("clip_embed_dim", clipEmbedDim, 1, 65536)
        .that(
            additionalEmbeddings == others || additionalEmbeddings == 0,
            "additional_embeddings must be %d with added_emb_type %s, or 0, but was %d"
                .formatted(others, addedEmbType, additionalEmbeddings))
        .that(
            additionalEmbeddings != 0
                || (numEmbeddings > 0 && encoderHidProjType == EncoderProjection.NONE),
            "additional_embeddings must not be 0 with text tokens: num_embeddings "
                + numEmbeddings
                + ", encoder_hid_proj_type "
                + encoderHidProjType)
        .that(
            numAttentionHeads * attentionHeadDim % 2 == 0,
            "num_attention_heads * attention_head_dim must be even")
        .done();
  }

  /** D, the network's width. */
  public int inner() {
    return numAttentionHeads * attentionHeadDim;
  }

  /** N, text tokens of the sequence. */
  public int textTokens() {
    return additionalEmbeddings == 0 ? 0 : numEmbeddings;
  }

  /** K, image tokens of the sequence. */
  public int imageTokens() {
    return additionalEmbeddings == 0 ? numEmbeddings : 1;
  }

  /** Width of text encodings; unprojected ones have the network's. */
  public int encodingDim() {
    return encoderHidProjType == EncoderProjection.NONE ? inner() : embeddingDim;
  }

  /** Width of text embeddings. */
  public int textDim() {
    return embeddingProjDim == null ? embeddingDim : embeddingProjDim;
  }

  /** Width of a token's prediction. */
  public int outputDim() {
    return clipEmbedDim == null ? embeddingDim : clipEmbedDim;
  }

  /** Hidden width of the time embedding. */
  public int timeDim() {
    return timeEmbedDim == null ? inner() : timeEmbedDim;
  }

  /** Whether attention is causal and leaves padding out. */
  public boolean masked() {
    return attentionMask == null ? textTokens() > 0 : attentionMask;
  }
}
