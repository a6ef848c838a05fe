package prior.train.spark;

import java.util.ArrayList;
import java.util.List;
import prior.train.Floats;
import prior.train.LocalTrainer;

/**
 * What one worker measured in a round; it travels as a {@link Share} among those of its state.
 *
 * @param examples rows it trained on
 * @param skipped rows of its batches that could not be used
 * @param finite whether losses, gradients and parameters all were; a worker's state leaves it only
 *     then
 * @param readSeconds spent on reading and noising
 * @param trainSeconds spent on optimizer steps
 * @param serialiseSeconds spent on copying, serialising and writing its state for the others
 * @param steps each step's loss and gradient norm
 */
public record WorkerReport(
    int worker,
    long examples,
    long skipped,
    boolean finite,
    double readSeconds,
    double trainSeconds,
    double serialiseSeconds,
    List<LocalTrainer.Step> steps) {
  private static final int HEADER = 5;

  /** The same once its state is handed over. */
  WorkerReport handedOver(double seconds) {
    return new WorkerReport(
        worker, examples, skipped, finite, readSeconds, trainSeconds, seconds, steps);
  }

  /** Seconds of the worker's own work. */
  double seconds() {
    return readSeconds + trainSeconds + serialiseSeconds;
  }

  Share share() {
    float[] numbers = new float[HEADER + 2 * steps.size()];
    numbers[0] = finite ? 1 : 0;
    numbers[1] = (float) readSeconds;
    numbers[2] = (float) trainSeconds;
    numbers[3] = skipped;
    numbers[4] = (float) serialiseSeconds;
    for (int i = 0; i < steps.size(); i++) {
      numbers[HEADER + 2 * i] = (float) steps.get(i).loss();
      numbers[HEADER + 2 * i + 1] = (float) steps.get(i).gradientNorm();
    }
    return new Share(new Share.Place(Chunks.MEASURED, worker), examples, new Floats(numbers));
  }

  static WorkerReport of(Share share) {
    float[] numbers = share.numbers().array();
    List<LocalTrainer.Step> steps = new ArrayList<>();
    for (int i = HEADER; i < numbers.length; i += 2) {
      steps.add(new LocalTrainer.Step(numbers[i], numbers[i + 1]));
    }
    return new WorkerReport(
        share.place().worker(),
        share.examples(),
        (long) numbers[3],
        numbers[0] == 1,
        numbers[1],
        numbers[2],
        numbers[4],
        steps);
  }
}
