package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import prior.diffusion.Denoiser;

/**
 * diffusers' network for many calls on the same texts. Rows of encodings that are zero throughout
 * count as padding. The null condition has zeros in place of the text.
 */
final class UnclipSampling implements SamplingNetwork {
  private final Network network;
  private final INDArray text;
  private final INDArray textEncodings;
  private final Program readText = new Program();

  /**
   * @param values the flat parameters, see {@link ParameterLayout}
   */
  UnclipSampling(UnclipShape shape, INDArray values, int texts, int samplesPerText) {
    this.network = Network.forInference(shape, values, texts * samplesPerText);
    Buffers buffers = new Buffers(values.dataType(), Buffers.Purpose.INFERENCE);
    Inputs inputs = network.inputs();
    this.text = buffers.own(texts, shape.textDim());
    repeat(text, inputs.text(), samplesPerText);
    if (inputs.textEncodings() == null) {
      this.textEncodings = null;
      return;
    }
    this.textEncodings = buffers.own(texts, shape.encodingRows(), shape.encodingDim());
    repeat(textEncodings, inputs.textEncodings(), samplesPerText);
    if (inputs.textMask() != null) {
      INDArray rows =
          inputs.textEncodings().reshape('c', inputs.textMask().length(), shape.encodingDim());
      INDArray mask = inputs.textMask().reshape('c', inputs.textMask().length());
      readText.rowMaxMagnitude(rows, mask);
      readText.sign(mask, mask);
    }
  }

  /** Each text once for each of its samples. */
  private void repeat(INDArray from, INDArray into, int samples) {
    long texts = from.size(0);
    INDArray each = from.reshape('c', texts, 1, from.length() / texts);
    readText.copy(each, into.reshape('c', texts, samples, from.length() / texts));
  }

  @Override
  public int rows() {
    return network.batch();
  }

  @Override
  public INDArray text() {
    return text;
  }

  @Override
  public INDArray textEncodings() {
    return textEncodings;
  }

  @Override
  public void readText() {
    readText.run();
  }

  @Override
  public Denoiser conditional() {
    return network.conditional();
  }

  @Override
  public Denoiser unconditional() {
    return network.unconditional();
  }
}
