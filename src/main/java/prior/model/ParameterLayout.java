package prior.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.fault.UserFault;
import prior.model.Parameter.Start;

/**
 * Where each tensor of the reference's state dict lies in the flat parameter vector. The only place
 * that knows both.
 */
public final class ParameterLayout {
  private static final String TRANSFORMER = "net.causal_transformer.";
  private static final int BUCKETS = 32;

  private final Map<String, Parameter> byName = new LinkedHashMap<>();
  private final Map<String, Long> fanIn = new LinkedHashMap<>();
  private long length;

  ParameterLayout() {}

  /** The parameters of a network in the reference's order of registration. */
  public static ParameterLayout of(NetworkShape shape) {
    return shape.layout();
  }

  static ParameterLayout ofDalle2(Dalle2Shape shape) {
    ParameterLayout layout = new ParameterLayout();
    layout.add("net.learned_query", Start.NORMAL, shape.dim());
    layout.add("net.null_text_encodings", Start.NORMAL, 1, shape.maxTextLen(), shape.dim());
    if (shape.textEmbeds() > 0) {
      layout.add("net.null_text_embeds", Start.NORMAL, 1, shape.textEmbeds(), shape.dim());
    }
    layout.add("net.null_image_embed", Start.NORMAL, 1, shape.dim());
    layout.addEmbedders(shape);
    layout.addProjections(shape);
    shape.attributes().forEach(attribute -> attribute.addTo(layout, shape.dim()));
    layout.addTransformer(shape);
    ImageScaling.addTo(layout, shape);
    return layout;
  }

  private void addEmbedders(Dalle2Shape shape) {
    int dim = shape.dim();
    if (shape.textEmbeds() > 1) {
      addLinear("net.to_text_embeds.0", dim * shape.textEmbeds(), dim);
    }
    if (shape.continuousTime()) {
      int time = dim * shape.timeEmbeds();
      addLinear("net.to_time_embeds.0.1.net.0.0", 2 * time, dim);
      addLinear("net.to_time_embeds.0.1.net.1.0", 2 * time, 2 * time);
      addLinear("net.to_time_embeds.0.1.net.2", time, 2 * time);
    } else {
      long width = (long) dim * shape.timeEmbeds();
      add("net.to_time_embeds.0.weight", Start.NORMAL, shape.timesteps(), width);
    }
    if (shape.imageEmbeds() > 1) {
      addLinear("net.to_image_embeds.0", dim * shape.imageEmbeds(), dim);
    }
  }

  /** From widths of embeddings that are not the tokens'. */
  private void addProjections(Dalle2Shape shape) {
    if (shape.projectsEncodings()) {
      NormedProjection.addTo(this, TextEncodingTokens.PROJECTION, shape.dim(), shape.encodingDim());
    }
    if (shape.projectsText()) {
      NormedProjection.addTo(this, EmbeddingTokens.TEXT_PROJECTION, shape.dim(), shape.textDim());
    }
    if (shape.projectsImage()) {
      addLinear(EmbeddingTokens.IMAGE_PROJECTION, shape.dim(), shape.imageDim());
      if (shape.selfCond()) {
        addLinear(SelfConditionToken.PROJECTION, shape.dim(), shape.imageDim());
      }
    }
  }

  private void addTransformer(Dalle2Shape shape) {
    int dim = shape.dim();
    if (shape.normIn()) {
      add(TRANSFORMER + "init_norm.g", Start.ONES, dim);
    }
    String bias = TRANSFORMER + "rel_pos_bias.relative_attention_bias.weight";
    add(bias, Start.NORMAL, BUCKETS, shape.heads());
    for (int layer = 0; layer < shape.depth(); layer++) {
      addAttention(attention(layer), shape);
      addFeedForward(feedForward(layer), shape);
    }
    if (shape.normOut()) {
      add(TRANSFORMER + "norm.g", Start.ONES, dim);
    }
    if (shape.finalProj()) {
      addWeight(TRANSFORMER + "project_out.weight", shape.imageDim(), dim);
    }
  }

  private void addAttention(String prefix, Dalle2Shape shape) {
    add(prefix + "null_kv", Start.NORMAL, 2, shape.dimHead());
    add(prefix + "norm.g", Start.ONES, shape.dim());
    addWeight(prefix + "to_q.weight", shape.inner(), shape.dim());
    addWeight(prefix + "to_kv.weight", 2L * shape.dimHead(), shape.dim());
    addWeight(prefix + "to_out.0.weight", shape.dim(), shape.inner());
    add(prefix + "to_out.1.g", Start.ONES, shape.dim());
  }

  private void addFeedForward(String prefix, Dalle2Shape shape) {
    add(prefix + "0.g", Start.ONES, shape.dim());
    addWeight(prefix + "1.weight", 2L * shape.ffInner(), shape.dim());
    if (shape.normformer()) {
      add(prefix + "3.g", Start.ONES, shape.ffInner());
    }
    addWeight(prefix + "5.weight", shape.dim(), shape.ffInner());
  }

  void addLinear(String name, long out, long in) {
    addWeight(name + ".weight", out, in);
    add(name + ".bias", Start.FAN_IN, out);
    fanIn.put(name + ".bias", in);
  }

  void addWeight(String name, long out, long in) {
    add(name, Start.FAN_IN, out, in);
    fanIn.put(name, in);
  }

  void add(String name, Start start, long... shape) {
    Parameter parameter = new Parameter(name, shape, length, start);
    byName.put(name, parameter);
    length += parameter.length();
  }

  /** The reference's name of a layer's rotary frequencies, which are a buffer, not a parameter. */
  public String rotaryFrequencies(int layer) {
    return attention(layer) + "rotary_emb.freqs";
  }

  static String attention(int layer) {
    return TRANSFORMER + "layers." + layer + ".0.";
  }

  static String feedForward(int layer) {
    return TRANSFORMER + "layers." + layer + ".1.";
  }

  static String transformer(String name) {
    return TRANSFORMER + name;
  }

  /** Elements of the flat vector. */
  public long length() {
    return length;
  }

  /** All parameters, in the order of the flat vector. */
  public List<Parameter> parameters() {
    return new ArrayList<>(byName.values());
  }

  /** The parameter of a name the layout has. */
  public Parameter parameter(String name) {
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("Cannot find parameter " + name);
    }
    return parameter;
  }

  /**
   * The flat vector of tensors found by name.
   *
   * @param tensors gives each parameter's elements, row-major, of the layout's length
   */
  public float[] pack(Function<Parameter, float[]> tensors) {
    float[] flat = new float[Math.toIntExact(length)];
    for (Parameter parameter : byName.values()) {
      float[] values = tensors.apply(parameter);
      System.arraycopy(
          values,
          0,
          flat,
          Math.toIntExact(parameter.offset()),
          Math.toIntExact(parameter.length()));
    }
    return flat;
  }

  /** A copy of one parameter's elements in a flat vector. */
  public float[] unpack(float[] flat, Parameter parameter) {
    int from = Math.toIntExact(parameter.offset());
    return Arrays.copyOfRange(flat, from, from + Math.toIntExact(parameter.length()));
  }

  /** Overwrites one parameter's elements in a flat vector; the widths must agree. */
  public void put(float[] flat, String name, float[] values) {
    Parameter parameter = parameter(name);
    if (values.length != parameter.length()) {
      throw UserFault.data(
          "Cannot set %s: expected %d numbers, found %d"
              .formatted(name, parameter.length(), values.length));
    }
    System.arraycopy(values, 0, flat, Math.toIntExact(parameter.offset()), values.length);
  }

  /** Inputs of the linear layer a {@code FAN_IN} parameter belongs to. */
  public long fanIn(Parameter parameter) {
    return fanIn.get(parameter.name());
  }

  /** The tensor's window on a flat vector of {@link #length()} elements; null stays null. */
  INDArray view(INDArray flat, String name) {
    if (flat == null) {
      return null;
    }
    Parameter parameter = parameter(name);
    long end = parameter.offset() + parameter.length();
    INDArray window = Windows.elements(flat.reshape(flat.length()), parameter.offset(), end);
    return window.reshape('c', parameter.shape());
  }
}
