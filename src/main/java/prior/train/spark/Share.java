package prior.train.spark;

import java.io.Serializable;
import prior.train.Floats;

/**
 * A part of one worker's state after a round.
 *
 * @param worker the worker's number, which fixes the order of summation
 * @param examples rows it trained on in the round: its weight
 * @param numbers a chunk of its state, or what it measured
 */
public record Share(int worker, long examples, Floats numbers) implements Serializable {

  /** The numbers themselves. */
  public float[] values() {
    return numbers.values();
  }
}
