package prior.model;

import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.diffusion.Denoiser;

/**
 * A network for many calls on the same texts whose attention is not causal: every call computes the
 * whole sequence, since the text sees the image.
 */
final class WholeSampling implements SamplingNetwork {
  private final Network network;
  private final INDArray text;
  private final INDArray textEncodings;
  private final Program readText = new Program();

  /**
   * @param values the flat parameters, see {@link ParameterLayout}
   */
  WholeSampling(UnclipShape shape, INDArray values, int texts, int samplesPerText) {
    this.network = Network.forInference(shape, values, texts * samplesPerText);
    Buffers buffers = new Buffers(values.dataType(), Buffers.Purpose.INFERENCE);
    this.text = buffers.own(texts, shape.textDim());
    repeat(text, network.inputs().text(), samplesPerText);
    this.textEncodings =
        shape.encodingRows() == 0
            ? null
            : buffers.own(texts, shape.encodingRows(), shape.encodingDim());
    if (textEncodings != null) {
      repeat(textEncodings, network.inputs().textEncodings(), samplesPerText);
    }
  }

  /** Each text once for each of its samples. */
  private void repeat(INDArray from, INDArray into, int samples) {
    for (long row = 0; row < into.size(0); row++) {
      INDArray one = Windows.rows(from, row / samples, row / samples + 1);
      readText.copy(one, Windows.rows(into, row, row + 1));
    }
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
  public INDArray attributes() {
    return null;
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
  public INDArray predict(INDArray x, INDArray times) {
    network.inputs().noised().assign(x);
    network.inputs().times().assign(times);
    network.inputs().keepText().assign(1);
    network.inputs().keepImage().assign(1);
    return network.forward();
  }

  @Override
  public Denoiser without(Set<String> dropped) {
    throw new UnsupportedOperationException("the unclip family has no attributes");
  }

  @Override
  public Denoiser unconditional() {
    return network.unconditional();
  }
}
