package prior.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import prior.data.WorkUnit;
import prior.fault.UserFault;

/**
 * Which batches each worker takes in each round, for the rest of a run. A function of the data's
 * row groups, the settings and the place the run has come to, so that a resumed run goes on where
 * it was.
 *
 * <p>The rows of all epochs form one endless sequence, and batches are cut from it: every batch is
 * full and no row is left out; one batch may hold an epoch's last rows and the next one's first. A
 * round deals the next {@code workers * steps} batches in runs of {@code steps}, so that a worker
 * stays within few row groups.
 */
public final class RoundPlan {
  private final List<WorkUnit> units;
  private final Settings settings;
  private final Start start;
  private final long rowsPerEpoch;
  private final long totalSteps;
  private final Map<Long, EpochPlan> epochs = new LinkedHashMap<>();

  /**
   * The numbers a plan follows from.
   *
   * @param stepsPerRound optimizer steps of a worker between two averagings
   * @param batchSize rows of a worker's step, however many go through its network at once
   * @param epochs passes over the data after which the run ends
   * @param maxSteps optimizer steps of a worker after which it ends instead; null to go by epochs
   */
  public record Settings(
      int workers, int stepsPerRound, int batchSize, long seed, int epochs, Integer maxSteps) {
    private long rowsPerStep() {
      return (long) workers * batchSize;
    }
  }

  /**
   * How far a run has come.
   *
   * @param round rounds done
   * @param step optimizer steps of a worker done
   * @param rows rows of the sequence used by all workers
   */
  public record Start(long round, long step, long rows) {
    /** Before the first round. */
    public static final Start FRESH = new Start(0, 0, 0);
  }

  public RoundPlan(List<WorkUnit> units, Settings settings, Start start) {
    this.units = List.copyOf(units);
    this.settings = settings;
    this.start = start;
    this.rowsPerEpoch = units.stream().mapToLong(WorkUnit::rows).sum();
    if (rowsPerEpoch == 0) {
      throw UserFault.data("Cannot train: expected pairs in data.train, found no rows");
    }
    this.totalSteps = settings.maxSteps() == null ? stepsOfEpochs() : settings.maxSteps();
  }

  /** Steps until every row was used {@code epochs} times; the last may begin another epoch. */
  private long stepsOfEpochs() {
    long left = Math.max(0, settings.epochs() * rowsPerEpoch - start.rows());
    return start.step() + ceilDivide(left, settings.rowsPerStep());
  }

  private static long ceilDivide(long a, long b) {
    return (a + b - 1) / b;
  }

  /** Rows of an epoch. */
  public long rowsPerEpoch() {
    return rowsPerEpoch;
  }

  /** The first round that is left to do, from 0. */
  public long firstRound() {
    return start.round();
  }

  /** Rounds of the run, those done before included. */
  public long rounds() {
    long left = Math.max(0, totalSteps - start.step());
    return start.round() + ceilDivide(left, settings.stepsPerRound());
  }

  /** Steps of each worker in a round: fewer in the last where they do not fill it. */
  public int steps(long round) {
    return (int) Math.min(totalSteps - stepsBefore(round), settings.stepsPerRound());
  }

  private long stepsBefore(long round) {
    return start.step() + (round - start.round()) * settings.stepsPerRound();
  }

  /** Rows of the sequence that are used before a round. */
  public long rowsBefore(long round) {
    long steps = Math.min(stepsBefore(round), totalSteps) - start.step();
    return start.rows() + steps * settings.rowsPerStep();
  }

  /** The batches of a round, one list for each worker. */
  public List<List<BatchSpec>> round(long round) {
    int steps = steps(round);
    long row = rowsBefore(round);
    List<List<BatchSpec>> workers = new ArrayList<>();
    for (int worker = 0; worker < settings.workers(); worker++) {
      List<BatchSpec> batches = new ArrayList<>();
      for (int step = 0; step < steps; step++) {
        batches.add(batch(row));
        row += settings.batchSize();
      }
      workers.add(batches);
    }
    return workers;
  }

  private BatchSpec batch(long first) {
    List<BatchSpec.Slice> slices = new ArrayList<>();
    long to = first + settings.batchSize();
    for (long from = first; from < to; ) {
      long epoch = from / rowsPerEpoch;
      long before = epoch * rowsPerEpoch;
      long until = Math.min(to, before + rowsPerEpoch);
      slices.addAll(epoch(epoch).slices(from - before, until - before));
      from = until;
    }
    return new BatchSpec(slices);
  }

  /** Orders are made once, and only the latest two kept. */
  private EpochPlan epoch(long epoch) {
    epochs.keySet().removeIf(known -> known < epoch - 1);
    return epochs.computeIfAbsent(epoch, e -> new EpochPlan(units, settings.seed(), e));
  }

  /** The epoch a round starts in, from 0. */
  public long epochOf(long round) {
    return rowsBefore(round) / rowsPerEpoch;
  }
}
