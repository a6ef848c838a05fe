package prior.train;

import org.nd4j.linalg.dataset.api.MultiDataSet;
import prior.model.TrainableNetwork;
import prior.model.TrainableNetwork.Part;

/**
 * One worker's training: the network, the optimizer's state and the moving average, one step at a
 * time. The average follows every local step, so that averaging it over workers gives the average
 * of the workers' mean parameters.
 */
public final class LocalTrainer {
  private final TrainableNetwork network;
  private final EmaSchedule emaSchedule;
  private final int pairs;

  /**
   * @param emaSchedule null to keep no average
   * @param pairs that go through the network at once; a larger batch goes in pieces
   */
  public LocalTrainer(TrainableNetwork network, EmaSchedule emaSchedule, int pairs) {
    this.network = network;
    this.emaSchedule = emaSchedule;
    this.pairs = pairs;
  }

  /** Goes to a state. */
  public void load(TrainingState state) {
    network.begin(state.ema() != null, state.step());
    for (Part part : Part.values()) {
      float[] values = state.part(part);
      if (values != null) {
        network.write(part, 0, values, 0, values.length);
      }
    }
  }

  /** The lengths of the present state's parts. */
  public StateShape shape() {
    return new StateShape(network.length(Part.PARAMETERS), network.length(Part.AVERAGE) > 0);
  }

  /** A copy of the present state. */
  public TrainingState state() {
    float[] ema = copy(Part.AVERAGE);
    return new TrainingState(
        copy(Part.PARAMETERS), copy(Part.MOMENTS), ema.length == 0 ? null : ema, network.steps());
  }

  private float[] copy(Part part) {
    float[] values = new float[Math.toIntExact(network.length(part))];
    if (values.length > 0) {
      network.read(part, 0, values);
    }
    return values;
  }

  /** Loss and gradient norm (before clipping) of one optimizer step. */
  public record Step(double loss, double gradientNorm) {
    /** Whether both are numbers. */
    public boolean finite() {
      return Double.isFinite(loss) && Double.isFinite(gradientNorm);
    }
  }

  /**
   * Takes one optimizer step on a batch.
   *
   * @param name names the batch, for its dropout
   */
  public Step step(MultiDataSet batch, long name) {
    double kept = emaSchedule == null ? 1 : emaSchedule.kept(network.steps());
    double loss = network.fit(batch, pairs, name, kept);
    return new Step(loss, network.gradientNorm());
  }

  /** The network being trained. */
  public TrainableNetwork network() {
    return network;
  }
}
