package prior.model;

import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.diffusion.Denoiser;
import prior.model.UnclipPass.Readout;

/**
 * diffusers' causal network for many calls on the same texts: keys and values of the text are
 * computed once a batch, those of the null condition once and for all, and a step computes the
 * tokens after the text alone. Equal to {@link UnclipNetwork} within rounding.
 *
 * <p>Rows of encodings that are zero throughout count as padding. The null condition has zeros in
 * place of the text, which are all padding.
 */
final class UnclipSampling implements SamplingNetwork {
  private final UnclipShape shape;
  private final INDArray values;
  private final int rows;
  private final UnclipPass text;
  private final UnclipStep step;
  private final Program readText = new Program();
  private UnclipStep unconditional;

  /**
   * @param values the flat parameters, see {@link ParameterLayout}
   */
  UnclipSampling(UnclipShape shape, INDArray values, int texts, int samplesPerText) {
    this.shape = shape;
    this.values = values;
    this.rows = texts * samplesPerText;
    this.text = textPass(texts);
    Inputs inputs = text.inputs();
    if (inputs.textMask() != null) {
      long count = inputs.textMask().length();
      INDArray mask = inputs.textMask().reshape(count);
      readText.rowMaxMagnitude(
          inputs.textEncodings().reshape('c', count, shape.encodingDim()), mask);
      readText.sign(mask, mask);
    }
    text.mask(readText);
    text.forward(readText);
    this.step = new UnclipStep(shape, values, text, rows);
  }

  private UnclipPass textPass(int texts) {
    Buffers buffers = new Buffers(values.dataType(), Buffers.Purpose.INFERENCE);
    Weights weights = new Weights(shape.layout(), values, null);
    return new UnclipPass(
        buffers,
        weights,
        shape,
        DropoutMasks.none(buffers),
        UnclipSpan.text(shape, texts),
        Readout.KEYS);
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
    return null;
  }

  @Override
  public void readText() {
    readText.run();
    step.readText();
  }

  @Override
  public Denoiser conditional() {
    return step;
  }

  @Override
  public INDArray predict(INDArray x, INDArray times) {
    return step.predict(x, times);
  }

  @Override
  public Denoiser without(Set<String> dropped) {
    throw new UnsupportedOperationException("the unclip family has no attributes");
  }

  @Override
  public Denoiser unconditional() {
    if (unconditional == null) {
      UnclipPass nothing = textPass(1);
      nothing.inputs().keepText().assign(0);
      Program once = new Program();
      nothing.mask(once);
      nothing.forward(once);
      once.run();
      unconditional = new UnclipStep(shape, values, nothing, rows);
      unconditional.readText();
    }
    return unconditional;
  }
}
