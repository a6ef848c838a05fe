package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import prior.diffusion.Denoiser;
import prior.model.UnclipPass.Readout;

/** The tokens of a diffusion step and the prediction, behind keys and values of the text. */
final class UnclipStep implements Denoiser {
  private final UnclipPass pass;
  private final Program readText = new Program();
  private final Program program = new Program();
  private final INDArray prediction;

  /**
   * @param text the pass over the text, whose rows divide these
   */
  UnclipStep(UnclipShape shape, INDArray values, UnclipPass text, int rows) {
    Buffers buffers = new Buffers(values.dataType(), Buffers.Purpose.INFERENCE);
    Weights weights = new Weights(shape.layout(), values, null);
    UnclipSpan span = UnclipSpan.step(shape, rows);
    this.pass =
        new UnclipPass(
            buffers, weights, shape, DropoutMasks.none(buffers), span, Readout.LAST_TOKENS);
    pass.continueFrom(readText, text);
    repeatMask(text.inputs(), rows);
    pass.mask(readText);
    UnclipHead head = new UnclipHead(buffers, weights, shape, rows);
    this.prediction = head.forward(program, pass.forward(program));
  }

  private void repeatMask(Inputs text, int rows) {
    INDArray mask = pass.inputs().textMask();
    if (mask == null) {
      return;
    }
    INDArray given = text.textMask();
    long texts = given.size(0);
    long each = rows / texts;
    for (long i = 0; i < rows; i++) {
      INDArray one = Windows.rows(given, i / each, i / each + 1);
      INDArray keep = Windows.rows(text.keepText(), i / each, i / each + 1);
      readText.multiply(one, keep, Windows.rows(mask, i, i + 1));
    }
  }

  /** Takes over what the text's pass left, for all calls until the next. */
  void readText() {
    readText.run();
  }

  @Override
  public INDArray predict(INDArray x, int t, INDArray x0) {
    pass.inputs().times().assign(t);
    return predict(x);
  }

  /** As {@link SamplingNetwork#predict}. */
  INDArray predict(INDArray x, INDArray times) {
    pass.inputs().times().assign(times);
    return predict(x);
  }

  private INDArray predict(INDArray x) {
    pass.inputs().noised().assign(x);
    program.run();
    return prediction;
  }
}
