package prior.train.spark;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import prior.model.TrainableNetwork.Part;
import prior.train.Floats;
import prior.train.LocalTrainer;
import prior.train.StateShape.Slice;
import scala.Tuple2;

/**
 * What a worker hands over, in pieces that are far below the size from which the garbage collector
 * treats an array apart (half of a region of 1 MB).
 */
final class Chunks {
  /** The number of what a worker measured, a {@link WorkerReport}; the state's are 0 and more. */
  static final int MEASURED = -1;

  /** Elements of a chunk. */
  static final int SIZE = 1 << 16;

  private Chunks() {}

  /**
   * Its state where that is finite and came of examples, each chunk copied when asked for, then
   * what it measured, how long the chunks took included. The trainer must rest until then.
   *
   * @param moments whether Adam's moments are handed over
   */
  static Iterator<Tuple2<Share.Place, Share>> of(
      WorkerReport report, LocalTrainer trainer, boolean moments) {
    boolean counts = report.finite() && report.examples() > 0;
    Stream<Share> state = counts ? state(report, trainer, moments) : Stream.empty();
    long started = System.nanoTime();
    Stream<Share> measured =
        Stream.of(report)
            .map(before -> before.handedOver((System.nanoTime() - started) / 1e9).share());
    return Stream.concat(state, measured)
        .map(share -> new Tuple2<>(share.place(), share))
        .iterator();
  }

  private static Stream<Share> state(WorkerReport report, LocalTrainer trainer, boolean moments) {
    List<Slice> slices = trainer.shape().slices(SIZE);
    return IntStream.range(0, slices.size())
        .filter(chunk -> moments || slices.get(chunk).part() != Part.MOMENTS)
        .mapToObj(chunk -> share(report, chunk, read(trainer, slices.get(chunk))));
  }

  private static float[] read(LocalTrainer trainer, Slice slice) {
    float[] piece = new float[slice.count()];
    trainer.network().read(slice.part(), slice.from(), piece);
    return piece;
  }

  private static Share share(WorkerReport report, int chunk, float[] values) {
    Share.Place place = new Share.Place(chunk, report.worker());
    return new Share(place, report.examples(), new Floats(values));
  }
}
