package prior.train;

import java.util.ArrayList;
import java.util.List;
import prior.data.WorkUnit;
import prior.fault.UserFault;

/**
 * Which batches each worker takes in each round, for the whole run. A function of the data's row
 * groups and the settings alone, so that a resumed run goes on where it was.
 *
 * <p>Batches of all epochs form one sequence; a round deals the next {@code workers * steps} of it,
 * in runs of {@code steps}, so that a worker stays within few row groups.
 */
public final class RoundPlan {
  private final List<WorkUnit> units;
  private final Settings settings;
  private final long batchesPerEpoch;
  private EpochPlan epoch;

  /**
   * The numbers a plan follows from.
   *
   * @param stepsPerRound optimizer steps of a worker between two averagings
   * @param totalSteps optimizer steps of a worker in the whole run
   */
  public record Settings(
      int workers, int stepsPerRound, int batchSize, long seed, long totalSteps) {}

  public RoundPlan(List<WorkUnit> units, Settings settings) {
    this.units = List.copyOf(units);
    this.settings = settings;
    this.batchesPerEpoch = batchesPerEpoch(units, settings.batchSize());
  }

  /**
   * Batches of an epoch; at least one, smaller than the batch size, where the rows do not fill it.
   */
  public static long batchesPerEpoch(List<WorkUnit> units, int batchSize) {
    long rows = units.stream().mapToLong(WorkUnit::rows).sum();
    if (rows == 0) {
      throw UserFault.data("Cannot train: expected pairs in data.train, found no rows");
    }
    return Math.max(1, rows / batchSize);
  }

  /** Batches of an epoch. */
  public long batchesPerEpoch() {
    return batchesPerEpoch;
  }

  /** Rounds of the run. */
  public long rounds() {
    return ceilDivide(settings.totalSteps, settings.stepsPerRound);
  }

  /**
   * The rounds that a number of steps amounts to.
   *
   * @throws UserFault where the steps end inside a round: a run that ended there cannot be
   *     prolonged
   */
  public long roundsDone(long steps) {
    if (steps >= settings.totalSteps) {
      return rounds();
    }
    if (steps % settings.stepsPerRound != 0) {
      throw UserFault.usage(
          "Cannot go on from step %d: expected a multiple of spark.averaging_frequency %d, found a run"
                  .formatted(steps, settings.stepsPerRound)
              + " that ended with a shorter round");
    }
    return steps / settings.stepsPerRound;
  }

  private static long ceilDivide(long a, long b) {
    return (a + b - 1) / b;
  }

  /** Steps of each worker in a round: fewer in the last where they do not fill it. */
  public int steps(long round) {
    long left = settings.totalSteps - round * settings.stepsPerRound;
    return (int) Math.min(left, settings.stepsPerRound);
  }

  /** The batches of a round, one list for each worker. */
  public List<List<BatchSpec>> round(long round) {
    int steps = steps(round);
    long first = round * settings.stepsPerRound * settings.workers;
    List<List<BatchSpec>> workers = new ArrayList<>();
    for (int worker = 0; worker < settings.workers; worker++) {
      List<BatchSpec> batches = new ArrayList<>();
      for (int step = 0; step < steps; step++) {
        batches.add(batch(first + (long) worker * steps + step));
      }
      workers.add(batches);
    }
    return workers;
  }

  private BatchSpec batch(long index) {
    long wanted = index / batchesPerEpoch;
    if (epoch == null || epoch.epoch() != wanted) {
      epoch = new EpochPlan(units, settings.seed, wanted, settings.batchSize);
    }
    return epoch.batch(index % batchesPerEpoch);
  }

  /** The epoch a round starts in, from 0. */
  public long epochOf(long round) {
    return round * settings.stepsPerRound * settings.workers / batchesPerEpoch;
  }
}
