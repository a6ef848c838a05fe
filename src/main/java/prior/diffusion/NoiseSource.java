package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Where a sampler takes its standard normal noise from. */
@FunctionalInterface
public interface NoiseSource {

  /**
   * Fills {@code into} with draw number {@code entry}: 0 is the start, then one for each draw in
   * the order of the loop.
   *
   * @param into {@code [B, D]}
   */
  void draw(int entry, INDArray into);
}
