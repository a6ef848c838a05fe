package prior.train.spark;

import java.util.ArrayList;
import java.util.List;
import prior.train.Floats;
import prior.train.LocalTrainer;

/**
 * What one worker measured in a round; it travels as a {@link Share} among those of its state.
 *
 * @param examples rows it trained on
 * @param finite whether losses, gradients and parameters all were; a worker's state leaves it only
 *     then
 * @param readSeconds spent on reading and noising
 * @param trainSeconds spent on optimizer steps
 * @param steps each step's loss and gradient norm
 */
public record WorkerReport(
    int worker,
    long examples,
    boolean finite,
    double readSeconds,
    double trainSeconds,
    List<LocalTrainer.Step> steps) {
  private static final int HEADER = 3;

  Share share() {
    float[] numbers = new float[HEADER + 2 * steps.size()];
    numbers[0] = finite ? 1 : 0;
    numbers[1] = (float) readSeconds;
    numbers[2] = (float) trainSeconds;
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
        share.place().worker(), share.examples(), numbers[0] == 1, numbers[1], numbers[2], steps);
  }
}
