package prior.validate.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.KnownSizeEstimation;
import prior.train.Floats;

/** A flat parameter vector for all executors, as broadcasts of pieces of 64 MB. */
final class SharedWeights implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int SIZE = 1 << 24;

  private final int length;
  private final List<Broadcast<Piece>> pieces = new ArrayList<>();

  /** Spark would take the array behind each piece for its own, and push pieces to disk in vain. */
  private record Piece(Floats numbers) implements Serializable, KnownSizeEstimation {
    @Override
    public long estimatedSize() {
      return (long) Float.BYTES * numbers.count();
    }
  }

  SharedWeights(JavaSparkContext spark, float[] weights) {
    this.length = weights.length;
    for (int from = 0; from < length; from += SIZE) {
      int count = Math.min(SIZE, length - from);
      pieces.add(spark.broadcast(new Piece(new Floats(weights, from, count))));
    }
  }

  /** A copy on an executor. */
  float[] copy() {
    float[] weights = new float[length];
    int at = 0;
    for (Broadcast<Piece> piece : pieces) {
      Floats floats = piece.value().numbers();
      System.arraycopy(floats.array(), floats.from(), weights, at, floats.count());
      at += floats.count();
    }
    return weights;
  }

  /** Frees it everywhere. */
  void destroy() {
    pieces.forEach(Broadcast::destroy);
  }
}
