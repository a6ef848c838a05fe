package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import prior.conf.Objective;
import prior.conf.PriorConf;

/**
 * What the network predicts, and how a prediction becomes an estimate of x_0.
 *
 * @param scale the factor between unit-norm embeddings and what diffusion works on
 * @param clampX0 while sampling, bring each estimate of x_0 to length {@code scale}
 * @param clampFinal bring the result to unit length
 * @param clampStart bring the starting noise to length {@code scale}
 */
public record Target(
    Objective objective, float scale, boolean clampX0, boolean clampFinal, boolean clampStart) {

  /** The target a prior's configuration describes. */
  public static Target of(PriorConf prior) {
    return new Target(
        prior.objective(),
        prior.scale(),
        prior.samplingClampL2norm(),
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

  /**
   * The reference clamps to [-1, 1] for the noise objective alone, and by length for the others.
   */
  private void clamp(INDArray x0) {
    if (objective == Objective.NOISE) {
      Transforms.max(Transforms.min(x0, 1, false), -1, false);
    } else if (clampX0) {
      lengthen(x0, scale);
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
    if (clampFinal && objective != Objective.NOISE) {
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
