package prior.diffusion;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A network with its conditions in place: what it predicts of noised embeddings. */
@FunctionalInterface
public interface Denoiser {

  /**
   * Predicts from x_t at timestep t.
   *
   * @param x noised embeddings {@code [B, D]}, scaled; not written
   * @param t the timestep of all rows
   * @param x0 the previous estimate of x_0 {@code [B, D]}, zeros at first, for networks that
   *     condition on it; not written
   * @return {@code [B, D]}, valid until the next call; what it means is the {@link
   *     prior.conf.Objective}'s business
   */
  INDArray predict(INDArray x, int t, INDArray x0);
}
