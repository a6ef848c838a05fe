package prior.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.model.Transformer.Readout;

/** The tokens of a diffusion step and the prediction, behind passes that do not change with it. */
final class StepNetwork {
  private final Program program = new Program();
  private final Inputs inputs;
  private final INDArray prediction;

  /**
   * @param earlier the passes over the text
   */
  StepNetwork(Dalle2Shape shape, INDArray values, Span span, List<Pass> earlier) {
    Buffers buffers = new Buffers(values.dataType(), Buffers.Purpose.INFERENCE);
    Weights weights = new Weights(ParameterLayout.of(shape), values, null);
    DropoutMasks none = new DropoutMasks(buffers, Dropout.NONE);
    Pass pass = new Pass(buffers, weights, shape, none, span, earlier, Readout.LAST_TOKEN);
    Head head = new Head(buffers, weights, shape, span.rows());
    this.inputs = pass.inputs();
    Program once = new Program();
    pass.prepare(once);
    once.run();
    this.prediction = head.forward(program, pass.forward(program, LayerHooks.NONE));
  }

  /** Takes the null embedding for every noised image. */
  void dropImage() {
    inputs.keepImage().assign(0);
  }

  /** As {@link prior.diffusion.Denoiser#predict}. */
  INDArray predict(INDArray x, int t, INDArray x0) {
    inputs.noised().assign(x);
    return predict(t, x0);
  }

  /** As {@link SamplingNetwork#predict}. */
  INDArray predict(INDArray x, INDArray times) {
    inputs.noised().assign(x);
    inputs.times().assign(times);
    if (inputs.selfCond() != null) {
      inputs.selfCond().assign(0);
    }
    program.run();
    return prediction;
  }

  /** Predicts from the noised images of the last call, or none where they are dropped. */
  INDArray predict(int t, INDArray x0) {
    if (inputs.selfCond() != null) {
      inputs.selfCond().assign(x0);
    }
    inputs.times().assign(t);
    program.run();
    return prediction;
  }
}
