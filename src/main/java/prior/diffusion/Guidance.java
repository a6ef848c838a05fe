package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Classifier-free guidance (Ho and Salimans 2022): {@code null + (conditional - null) scale}. Scale
 * 1 asks only the conditional network, scale 0 only the null one.
 */
public final class Guidance implements Denoiser {
  private final Denoiser conditional;
  private final Denoiser unconditional;
  private final double scale;
  private INDArray guided;

  public Guidance(Denoiser conditional, Denoiser unconditional, double scale) {
    this.conditional = conditional;
    this.unconditional = unconditional;
    this.scale = scale;
  }

  @Override
  public INDArray predict(INDArray x, int t, INDArray x0) {
    if (scale == 1) {
      return conditional.predict(x, t, x0);
    }
    if (scale == 0) {
      return unconditional.predict(x, t, x0);
    }
    if (guided == null || !guided.equalShapes(x)) {
      guided = x.like();
    }
    guided.assign(conditional.predict(x, t, x0));
    INDArray none = unconditional.predict(x, t, x0);
    return guided.subi(none).muli(scale).addi(none);
  }
}
