package prior.train.spark;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.KnownSizeEstimation;
import prior.train.Floats;

/**
 * A vector for all executors, as broadcasts of pieces of 64 MB: no object comes near the 2 GB of a
 * Java array, and the driver serialises pieces side by side.
 */
public final class SharedFloats implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int SIZE = 1 << 24;

  private final int length;
  private final List<Broadcast<Piece>> pieces;

  /** Spark would take the array behind each piece for its own, and push pieces to disk in vain. */
  private record Piece(int at, Floats numbers) implements Serializable, KnownSizeEstimation {
    @Override
    public long estimatedSize() {
      return (long) Float.BYTES * numbers.count();
    }
  }

  /**
   * Takes in {@code count} elements from {@code from} on, which lie at {@code at} of the vector.
   */
  @FunctionalInterface
  interface Sink {
    void write(int at, float[] elements, int from, int count);
  }

  private SharedFloats(int length, List<Broadcast<Piece>> pieces) {
    this.length = length;
    this.pieces = pieces;
  }

  /** Shares a vector, which must stay as it is until {@link #destroy}. */
  public static SharedFloats of(JavaSparkContext spark, float[] vector) {
    List<Broadcast<Piece>> pieces =
        IntStream.iterate(0, at -> at < vector.length, at -> at + SIZE)
            .parallel()
            .mapToObj(at -> spark.broadcast(piece(vector, at)))
            .toList();
    return new SharedFloats(vector.length, pieces);
  }

  private static Piece piece(float[] vector, int at) {
    return new Piece(at, new Floats(vector, at, Math.min(SIZE, vector.length - at)));
  }

  /** Hands over piece by piece, on an executor. */
  void forEach(Sink sink) {
    for (Broadcast<Piece> broadcast : pieces) {
      Floats numbers = broadcast.value().numbers();
      sink.write(broadcast.value().at(), numbers.array(), numbers.from(), numbers.count());
    }
  }

  /** A copy, on an executor. */
  public float[] copy() {
    float[] copy = new float[length];
    forEach((at, elements, from, count) -> System.arraycopy(elements, from, copy, at, count));
    return copy;
  }

  /** Frees it everywhere. */
  public void destroy() {
    pieces.forEach(Broadcast::destroy);
  }
}
