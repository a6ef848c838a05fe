package prior.model;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.diffusion.Denoiser;

/**
 * The prediction with text and image dropped. Without self-conditioning nothing of a row is left in
 * it: it is one row for each timestep, computed at its first use and kept, {@code 4 W} bytes for
 * each.
 */
final class NullDenoiser implements Denoiser {
  private final StepNetwork network;
  private final boolean selfCond;
  private final Map<Integer, INDArray> known = new HashMap<>();
  private final INDArray row;
  private final INDArray everyRow;
  private final Program repeat = new Program();

  /**
   * @param network of one row, or of all where rows condition on their own estimate
   */
  NullDenoiser(StepNetwork network, Dalle2Shape shape, int rows) {
    this.network = network;
    this.selfCond = shape.selfCond();
    this.row = Nd4j.create(1, shape.imageDim());
    this.everyRow = Nd4j.create(rows, shape.imageDim());
    repeat.copy(row, everyRow);
  }

  @Override
  public INDArray predict(INDArray x, int t, INDArray x0) {
    if (selfCond) {
      return network.predict(t, x0);
    }
    row.assign(known.computeIfAbsent(t, step -> network.predict(step, x0).dup()));
    repeat.run();
    return everyRow;
  }
}
