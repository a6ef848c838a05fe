package prior.train.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import prior.fault.UserFault;
import prior.model.TrainableNetwork.Part;
import prior.train.StateShape;

/**
 * What a round moves, and what of it the driver has to hold: worked out before the first, so that a
 * run does not die after hours of preparation.
 *
 * @param averageUpdater whether all workers hand over Adam's moments, or worker 0 alone
 */
record DriverBudget(StateShape shape, int workers, boolean averageUpdater) {
  /** Adam's moments lie in one buffer of ND4J, which Java reaches up to 2^31 bytes. */
  static final long MOST_PARAMETERS = Integer.MAX_VALUE / (2L * Float.BYTES);

  /** The state before, the one put together and the serialised one that is being sent. */
  private static final int STATES_HELD = 3;

  private static final long BESIDE = 512L << 20;
  private static final long GIB = 1L << 30;

  /**
   * What the driver may take.
   *
   * @param resultBytes spark.driver.maxResultSize; 0 for no limit
   * @param heapBytes the most its heap can grow to
   */
  record Limits(long resultBytes, long heapBytes) {}

  /** Bytes that a worker sends after a round. */
  long sent(int worker) {
    return averageUpdater || worker == 0
        ? shape.bytes()
        : shape.bytes() - shape.bytes(Part.MOMENTS);
  }

  /** Bytes of all workers' shares of a round. */
  long shuffled() {
    return sent(0) + (workers - 1) * sent(1);
  }

  /** Bytes of the results that the driver is sent in a round, their wrapping included. */
  long received() {
    return shape.bytes() + shape.bytes() / 50 + (1L << 20);
  }

  /** Bytes of heap the driver needs. */
  long heap() {
    return STATES_HELD * shape.bytes() + Math.min(shape.bytes(), BESIDE) + BESIDE;
  }

  /**
   * Refuses what cannot go well.
   *
   * @throws UserFault naming the option to set, all at once
   */
  void check(Limits limits) {
    if (shape.parameters() > MOST_PARAMETERS) {
      throw UserFault.resources(
          String.format(
              Locale.ROOT,
              "Cannot train: expected at most %,d parameters, found %,d; choose a smaller prior.net",
              MOST_PARAMETERS,
              shape.parameters()));
    }
    List<String> problems = new ArrayList<>();
    if (limits.resultBytes() > 0 && limits.resultBytes() < received()) {
      problems.add(
          problem("spark.driver.maxResultSize", received(), limits.resultBytes())
              + ", set --conf spark.driver.maxResultSize="
              + gib(received())
              + "g");
    }
    if (limits.heapBytes() < heap()) {
      problems.add(
          problem("the driver's heap", heap(), limits.heapBytes())
              + ", set --driver-memory "
              + gib(heap())
              + "g");
    }
    if (!problems.isEmpty()) {
      throw UserFault.resources(
          "Cannot train %,d parameters: ".formatted(shape.parameters())
              + String.join("; ", problems));
    }
  }

  private static String problem(String what, long expected, long found) {
    return "expected %s of at least %s, found %s".formatted(what, mib(expected), mib(found));
  }

  private static long gib(long bytes) {
    return (bytes + GIB - 1) / GIB;
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }

  /** One line for the log. */
  String line(Limits limits) {
    return String.format(
        Locale.ROOT,
        "a round moves: %,d parameters, state %s; a worker receives %s and sends %s (worker 0: %s);"
            + " shuffled %s; driver receives %s and needs a heap of %s, has %s",
        shape.parameters(),
        mib(shape.bytes()),
        mib(shape.bytes()),
        mib(sent(1)),
        mib(sent(0)),
        mib(shuffled()),
        mib(received()),
        mib(heap()),
        mib(limits.heapBytes()));
  }
}
