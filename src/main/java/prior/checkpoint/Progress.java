package prior.checkpoint;

/**
 * How far a run has come: with the tensors, all that going on needs.
 *
 * @param formatVersion of the checkpoint folder; {@link #FORMAT} when written here
 * @param round averaging rounds done
 * @param step optimizer steps of one worker done
 * @param epoch the epoch that is under way, from 0
 * @param nextBatch index in the epoch's plan of the first batch not yet used
 * @param examplesSeen pairs used by all workers together
 * @param seed the run's seed
 * @param workers that share a round
 */
public record Progress(
    int formatVersion,
    long round,
    long step,
    long epoch,
    long nextBatch,
    long examplesSeen,
    long seed,
    int workers) {
  /** The folder's form that is written here, and the only one read. */
  public static final int FORMAT = 1;

  public Progress {
    notNegative("round", round);
    notNegative("step", step);
    notNegative("epoch", epoch);
    notNegative("next_batch", nextBatch);
    notNegative("examples_seen", examplesSeen);
    if (workers < 1) {
      throw new IllegalArgumentException("workers: expected 1 or more, found " + workers);
    }
  }

  private static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": expected 0 or more, found " + value);
    }
  }
}
