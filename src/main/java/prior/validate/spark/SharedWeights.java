package prior.validate.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import prior.train.Floats;

/** A flat parameter vector for all executors, as broadcasts of pieces of 64 MB. */
final class SharedWeights implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int SIZE = 1 << 24;

  private final int length;
  private final List<Broadcast<Floats>> pieces = new ArrayList<>();

  SharedWeights(JavaSparkContext spark, float[] weights) {
    this.length = weights.length;
    for (int from = 0; from < length; from += SIZE) {
      pieces.add(spark.broadcast(new Floats(weights, from, Math.min(SIZE, length - from))));
    }
  }

  /** A copy on an executor. */
  float[] copy() {
    float[] weights = new float[length];
    int at = 0;
    for (Broadcast<Floats> piece : pieces) {
      Floats floats = piece.value();
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
