package prior.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.diffusion.Denoiser;
import prior.model.Transformer.Readout;

/**
 * DALLE2-pytorch's network for many calls on the same conditions. Text and attributes are the first
 * part of a causal sequence, so nothing computed for it changes between diffusion steps: its keys
 * and values are computed once a batch, and a step computes the tokens after it alone. Without text
 * encodings the text rows are the same for all rows and batches, and are computed once. Equal to
 * {@link PriorNetwork} within rounding. One thread at a time may use it.
 *
 * <p>It reads the parameters where they lie, and keeps what depends on them alone from the start.
 * Keys and values kept: {@code 8 * depth * d * (keys of the text)} bytes for each text, and for
 * each row those of the step's tokens.
 */
final class CausalSampling implements SamplingNetwork {
  private final Dalle2Shape shape;
  private final INDArray values;
  private final int texts;
  private final Pass text;
  private final List<Pass> textPasses = new ArrayList<>();
  private final Program readText = new Program();
  private final INDArray attributes;
  private final StepNetwork step;
  private final int rows;
  private NullDenoiser unconditional;

  /**
   * @param values the flat parameters, see {@link ParameterLayout}
   * @param texts texts of a batch
   * @param samplesPerText rows of a batch for each of its texts, one after another
   */
  CausalSampling(Dalle2Shape shape, INDArray values, int texts, int samplesPerText) {
    this.shape = shape;
    this.values = values;
    this.texts = texts;
    this.rows = texts * samplesPerText;
    if (!shape.textEncodings()) {
      textPasses.add(constant(Span.textRows(shape, 1)));
    }
    Span own = shape.textEncodings() ? Span.text(shape, texts) : Span.textEmbedding(shape, texts);
    this.text = pass(buffers(), own, List.copyOf(textPasses), Readout.KEYS);
    prepare(text);
    text.forward(readText, LayerHooks.NONE);
    textPasses.add(text);
    this.attributes =
        shape.attributes().isEmpty() ? null : buffers().own(texts, shape.attributeColumns());
    this.step = step(Set.of());
  }

  /** The step behind the text and the attributes that are not dropped. */
  private StepNetwork step(Set<String> dropped) {
    List<Pass> earlier = new ArrayList<>(textPasses);
    if (attributes != null) {
      Pass own =
          pass(buffers(), Span.attributes(shape, texts), List.copyOf(textPasses), Readout.KEYS);
      prepare(own);
      copyKept(dropped, own.inputs().attributes());
      own.forward(readText, LayerHooks.NONE);
      earlier.add(own);
    }
    return new StepNetwork(shape, values, Span.step(shape, rows), earlier);
  }

  private void copyKept(Set<String> dropped, INDArray into) {
    long from = 0;
    for (AttributeShape attribute : shape.attributes()) {
      long to = from + attribute.columns();
      if (!dropped.contains(attribute.name())) {
        readText.copy(Windows.columns(attributes, from, to), Windows.columns(into, from, to));
      }
      from = to;
    }
  }

  private Buffers buffers() {
    return new Buffers(values.dataType(), Buffers.Purpose.INFERENCE);
  }

  private Pass pass(Buffers buffers, Span span, List<Pass> earlier, Readout readout) {
    Weights weights = new Weights(ParameterLayout.of(shape), values, null);
    DropoutMasks none = new DropoutMasks(buffers, Dropout.NONE);
    return new Pass(buffers, weights, shape, none, span, earlier, readout);
  }

  private static void prepare(Pass pass) {
    Program once = new Program();
    pass.prepare(once);
    once.run();
  }

  /** A pass over dropped conditions, computed once and for all. */
  private Pass constant(Span span) {
    Pass pass = pass(buffers(), span, List.of(), Readout.KEYS);
    pass.inputs().keepText().assign(0);
    Program once = new Program();
    pass.prepare(once);
    pass.forward(once, LayerHooks.NONE);
    once.run();
    return pass;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public INDArray text() {
    return text.inputs().text();
  }

  @Override
  public INDArray textEncodings() {
    return text.inputs().textEncodings();
  }

  @Override
  public INDArray attributes() {
    return attributes;
  }

  @Override
  public void readText() {
    readText.run();
  }

  @Override
  public Denoiser conditional() {
    return step::predict;
  }

  @Override
  public INDArray predict(INDArray x, INDArray times) {
    return step.predict(x, times);
  }

  @Override
  public Denoiser without(Set<String> dropped) {
    return step(dropped)::predict;
  }

  @Override
  public Denoiser unconditional() {
    if (unconditional == null) {
      Pass nothing = constant(Span.conditions(shape, 1));
      int own = shape.selfCond() ? rows : 1;
      StepNetwork network = new StepNetwork(shape, values, Span.step(shape, own), List.of(nothing));
      network.dropImage();
      unconditional = new NullDenoiser(network, shape, rows);
    }
    return unconditional;
  }
}
