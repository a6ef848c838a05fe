package prior.model;

import prior.conf.UnclipConf.EncoderProjection;
import prior.conf.UnclipConf.NormType;
import prior.model.Parameter.Start;

/** The parameters of diffusers' network, under its state-dict names. */
final class UnclipLayout {
  private final ParameterLayout layout = new ParameterLayout();

  private UnclipLayout() {}

  static ParameterLayout of(UnclipShape shape) {
    UnclipLayout unclip = new UnclipLayout();
    unclip.addTokens(shape);
    for (int layer = 0; layer < shape.conf().numLayers(); layer++) {
      unclip.addBlock(block(layer), shape);
    }
    unclip.addHead(shape);
    return unclip.layout;
  }

  /** The prefix of a block's parameters. */
  static String block(int layer) {
    return "transformer_blocks." + layer + ".";
  }

  private void addTokens(UnclipShape shape) {
    int inner = shape.inner();
    layout.add("positional_embedding", Start.ZEROS, 1, shape.positions(), inner);
    if (shape.prd()) {
      layout.add("prd_embedding", Start.ZEROS, 1, 1, inner);
    }
    layout.add("clip_mean", Start.FIXED_ZEROS, 1, shape.conf().outputDim());
    layout.add("clip_std", Start.FIXED_ONES, 1, shape.conf().outputDim());
    layout.addLinear("time_embedding.linear_1", shape.conf().timeDim(), inner);
    layout.addLinear("time_embedding.linear_2", inner, shape.conf().timeDim());
    layout.addLinear("proj_in", inner, shape.conf().embeddingDim());
    if (shape.conf().embeddingProjNormType() == NormType.LAYER) {
      addNorm("embedding_proj_norm", shape.textDim());
    }
    layout.addLinear("embedding_proj", inner, shape.textDim());
    if (shape.conf().encoderHidProjType() == EncoderProjection.LINEAR) {
      layout.addLinear("encoder_hidden_states_proj", inner, shape.conf().embeddingDim());
    }
    if (shape.conf().normInType() == NormType.LAYER) {
      addNorm("norm_in", inner);
    }
  }

  private void addBlock(String prefix, UnclipShape shape) {
    int inner = shape.inner();
    addNorm(prefix + "norm1", inner);
    for (String projection : new String[] {"to_q", "to_k", "to_v", "to_out.0"}) {
      layout.addLinear(prefix + "attn1." + projection, inner, inner);
    }
    addNorm(prefix + "norm3", inner);
    layout.addLinear(prefix + "ff.net.0.proj", shape.hidden(), inner);
    layout.addLinear(prefix + "ff.net.2", inner, shape.hidden());
  }

  private void addHead(UnclipShape shape) {
    addNorm("norm_out", shape.inner());
    layout.addLinear("proj_to_clip_embeddings", shape.conf().outputDim(), shape.inner());
  }

  private void addNorm(String name, int width) {
    layout.add(name + ".weight", Start.ONES, width);
    layout.add(name + ".bias", Start.ZEROS, width);
  }
}
