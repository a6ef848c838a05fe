package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import prior.conf.Objective;
import prior.conf.PriorConf;
import prior.conf.SamplingClamp;

/**
 * What the network predicts, and how a prediction becomes an estimate of x_0.
 *
 * @param scale the factor between unit-norm embeddings and what diffusion works on
 * @param clamp what is done to each estimate of x_0 while sampling
 * @param clampFinal bring the result to unit length
 * @param clampStart bring the starting noise to length {@code scale}
 */
public record Target(
    Objective objective, float scale, SamplingClamp clamp, boolean clampFinal, boolean clampStart) {

  /** The target a prior's configuration describes. */
  public static Target of(PriorConf prior) {
    return new Target(
        prior.objective(),
        prior.scale(),
        prior.samplingClamp(),
        prior.samplingFinalClampL2norm(),
        prior.initImageEmbedL2norm());
  }

  /**
   * Writes the estimate of x_0 from x_t and the prediction, all {@code [B, D]}, into {@code x0}.
   */
  void estimateX0(NoiseSchedule schedule, INDArray x, int t, INDArray prediction, INDArray x0) {
    switch (objective) {
      case X_START -> x0.assign(prediction);
      case NOISE ->
          combine(x, schedule.reciprocalSignal(t), prediction, -schedule.noiseToSignal(t), x0);
      case V -> combine(x, schedule.signal(t), prediction, -schedule.noise(t), x0);
    }
    clamp(x0);
  }

  private void clamp(INDArray x0) {
    switch (clamp) {
      case NONE -> {}
      case L2NORM -> lengthen(x0, scale);
      case RANGE -> Transforms.max(Transforms.min(x0, 1, false), -1, false);
    }
  }

  /** Prepares the starting noise in place. */
  void start(INDArray x) {
    if (clampStart) {
      lengthen(x, scale);
    }
  }

  /** From what diffusion works on to an embedding, in place. */
  INDArray finish(INDArray x) {
    if (clampFinal) {
      lengthen(x, scale);
    }
    return x.divi(scale);
  }

  /** {@code into = a x + b y}. */
  static void combine(INDArray x, float a, INDArray y, float b, INDArray into) {
    into.assign(y).muli(b).addi(x.mul(a));
  }

  private static void lengthen(INDArray x, float length) {
    INDArray norms = Transforms.max(x.norm2(true, 1), 1e-12, false);
    x.diviColumnVector(norms.reshape(norms.length(), 1)).muli(length);
  }
}
