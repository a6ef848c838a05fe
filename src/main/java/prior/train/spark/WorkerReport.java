package prior.train.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import prior.data.BadShard;
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
 * @param bad where the rows lie that could not be used
 */
public record WorkerReport(
    int worker,
    long examples,
    long skipped,
    boolean finite,
    double readSeconds,
    double trainSeconds,
    double serialiseSeconds,
    List<LocalTrainer.Step> steps,
    List<BadShard> bad) {
  private static final int HEADER = 6;
  private static final String FIELDS = "\u0000";
  private static final String SHARDS = "\u0001";

  /** The same once its state is handed over. */
  WorkerReport handedOver(double seconds) {
    return new WorkerReport(
        worker, examples, skipped, finite, readSeconds, trainSeconds, seconds, steps, bad);
  }

  /** Seconds of the worker's own work. */
  double seconds() {
    return readSeconds + trainSeconds + serialiseSeconds;
  }

  Share share() {
    String listed = bad.stream().map(WorkerReport::text).collect(Collectors.joining(SHARDS));
    int measured = HEADER + 2 * steps.size();
    float[] numbers = new float[measured + listed.length()];
    numbers[0] = finite ? 1 : 0;
    numbers[1] = (float) readSeconds;
    numbers[2] = (float) trainSeconds;
    numbers[3] = skipped;
    numbers[4] = (float) serialiseSeconds;
    numbers[5] = steps.size();
    for (int i = 0; i < steps.size(); i++) {
      numbers[HEADER + 2 * i] = (float) steps.get(i).loss();
      numbers[HEADER + 2 * i + 1] = (float) steps.get(i).gradientNorm();
    }
    for (int i = 0; i < listed.length(); i++) {
      numbers[measured + i] = listed.charAt(i);
    }
    return new Share(new Share.Place(Chunks.MEASURED, worker), examples, new Floats(numbers));
  }

  static WorkerReport of(Share share) {
    float[] numbers = share.numbers().array();
    List<LocalTrainer.Step> steps = new ArrayList<>();
    int measured = HEADER + 2 * (int) numbers[5];
    for (int i = HEADER; i < measured; i += 2) {
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
        steps,
        bad(numbers, measured));
  }

  /** Names travel as their characters' numbers. */
  private static List<BadShard> bad(float[] numbers, int from) {
    StringBuilder listed = new StringBuilder();
    for (int i = from; i < numbers.length; i++) {
      listed.append((char) numbers[i]);
    }
    return listed.isEmpty()
        ? List.of()
        : Arrays.stream(listed.toString().split(SHARDS)).map(WorkerReport::shard).toList();
  }

  private static String text(BadShard bad) {
    return String.join(
        FIELDS,
        bad.file(),
        Integer.toString(bad.rowGroup()),
        Long.toString(bad.firstRow()),
        Long.toString(bad.rows()),
        bad.cause());
  }

  private static BadShard shard(String text) {
    String[] fields = text.split(FIELDS, -1);
    return new BadShard(
        fields[0],
        Integer.parseInt(fields[1]),
        Long.parseLong(fields[2]),
        Long.parseLong(fields[3]),
        fields[4]);
  }
}
