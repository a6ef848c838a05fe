package prior.train.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.KnownSizeEstimation;
import prior.train.Floats;
import prior.train.LocalTrainer;
import prior.train.StateShape.Slice;
import prior.train.TrainingState;

/**
 * A state that all workers of a round begin with, as broadcasts of pieces: no object comes near the
 * 2 GB of a Java array, and the driver serialises pieces side by side.
 */
final class SharedState implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int SIZE = 1 << 24;

  private final boolean ema;
  private final long step;
  private final List<Broadcast<Piece>> pieces;

  /** Spark would take the array behind each piece for its own, and push pieces to disk in vain. */
  private record Piece(Slice slice, Floats numbers) implements Serializable, KnownSizeEstimation {
    @Override
    public long estimatedSize() {
      return (long) Float.BYTES * numbers.count();
    }
  }

  private SharedState(boolean ema, long step, List<Broadcast<Piece>> pieces) {
    this.ema = ema;
    this.step = step;
    this.pieces = pieces;
  }

  /** Shares a state, which must stay as it is until {@link #destroy}. */
  static SharedState of(JavaSparkContext spark, TrainingState state) {
    List<Broadcast<Piece>> pieces =
        state.shape().slices(SIZE).parallelStream()
            .map(slice -> spark.broadcast(piece(state, slice)))
            .toList();
    return new SharedState(state.ema() != null, state.step(), pieces);
  }

  private static Piece piece(TrainingState state, Slice slice) {
    return new Piece(slice, new Floats(state.part(slice.part()), slice.from(), slice.count()));
  }

  /** Brings a trainer to the state. */
  void load(LocalTrainer trainer) {
    trainer.network().begin(ema, step);
    for (Broadcast<Piece> broadcast : pieces) {
      Slice slice = broadcast.value().slice();
      Floats numbers = broadcast.value().numbers();
      trainer
          .network()
          .write(slice.part(), slice.from(), numbers.array(), numbers.from(), numbers.count());
    }
  }

  /** Frees it everywhere. */
  void destroy() {
    pieces.forEach(Broadcast::destroy);
  }
}
