package prior.train.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import prior.model.TrainableNetwork.Part;
import prior.train.Floats;
import prior.train.LocalTrainer;
import prior.train.TrainingState;
import scala.Tuple2;

/**
 * A training state in pieces small enough for a shuffle and for a task's result: parameters,
 * moments and average one after another, cut every {@link #SIZE} elements.
 */
final class Chunks {
  /** The key of what a worker measured, a {@link WorkerReport}. */
  static final int MEASURED = -1;

  static final int SIZE = 1 << 22;

  private Chunks() {}

  /**
   * What a worker hands over: its state where that is finite, each chunk copied when asked for,
   * then what it measured, how long the chunks took included. The trainer must rest until then.
   */
  static Iterator<Tuple2<Integer, Share>> of(WorkerReport report, LocalTrainer trainer) {
    List<Supplier<Tuple2<Integer, Share>>> chunks = new ArrayList<>();
    if (report.finite()) {
      addState(chunks, report, trainer);
    }
    long started = System.nanoTime();
    chunks.add(
        () -> {
          double seconds = (System.nanoTime() - started) / 1e9;
          return new Tuple2<>(MEASURED, report.handedOver(seconds).share());
        });
    return chunks.stream().map(Supplier::get).iterator();
  }

  private static void addState(
      List<Supplier<Tuple2<Integer, Share>>> chunks, WorkerReport report, LocalTrainer trainer) {
    for (Part part : Part.values()) {
      long length = trainer.network().length(part);
      for (long from = 0; from < length; from += SIZE) {
        int key = chunks.size();
        long start = from;
        int count = (int) Math.min(SIZE, length - from);
        chunks.add(() -> chunk(key, report, read(trainer, part, start, count)));
      }
    }
  }

  private static float[] read(LocalTrainer trainer, Part part, long from, int count) {
    float[] piece = new float[count];
    trainer.network().read(part, from, piece);
    return piece;
  }

  private static Tuple2<Integer, Share> chunk(int key, WorkerReport report, float[] values) {
    return new Tuple2<>(key, new Share(report.worker(), report.examples(), new Floats(values)));
  }

  private static List<float[]> parts(TrainingState state) {
    return state.ema() == null
        ? List.of(state.parameters(), state.moments())
        : List.of(state.parameters(), state.moments(), state.ema());
  }

  /** Pieces of a state. */
  static int count(TrainingState state) {
    return parts(state).stream().mapToInt(part -> (part.length + SIZE - 1) / SIZE).sum();
  }

  /** An empty state like another, to be filled piece by piece. */
  static final class Assembly {
    private final TrainingState state;

    Assembly(TrainingState like, long step) {
      float[] ema = like.ema() == null ? null : new float[like.ema().length];
      this.state =
          new TrainingState(
              new float[like.parameters().length], new float[like.moments().length], ema, step);
    }

    void put(int key, float[] piece) {
      int left = key;
      for (float[] part : parts(state)) {
        int pieces = (part.length + SIZE - 1) / SIZE;
        if (left < pieces) {
          System.arraycopy(piece, 0, part, left * SIZE, piece.length);
          return;
        }
        left -= pieces;
      }
      throw new IllegalStateException("Cannot place chunk " + key + " of a training state");
    }

    TrainingState state() {
      return state;
    }
  }
}
