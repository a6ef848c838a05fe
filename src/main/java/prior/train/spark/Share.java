package prior.train.spark;

import java.io.Serializable;
import java.util.Comparator;
import prior.train.Floats;

/**
 * A part of one worker's state after a round, or of the workers' mean.
 *
 * @param examples rows trained on in the round: its weight
 * @param numbers a chunk of the state, or what a worker measured
 */
public record Share(Place place, long examples, Floats numbers) implements Serializable {

  /**
   * Where it belongs.
   *
   * @param chunk the chunk's number
   * @param worker the worker's, which fixes the order of summation
   */
  public record Place(int chunk, int worker) implements Comparable<Place>, Serializable {
    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::chunk).thenComparingInt(Place::worker);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /** The number of its chunk. */
  int chunk() {
    return place.chunk();
  }
}
