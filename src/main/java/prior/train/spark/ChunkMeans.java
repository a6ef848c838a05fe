package prior.train.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import prior.train.Floats;
import prior.train.Shares;
import scala.Tuple2;

/**
 * The mean of each chunk over workers whose shares come one after another, sorted by chunk and
 * worker. What workers measured passes through.
 */
final class ChunkMeans implements Iterator<Share> {
  private final Iterator<Tuple2<Share.Place, Share>> sorted;
  private final Shares shares = new Shares(Chunks.SIZE);
  private Share next;

  ChunkMeans(Iterator<Tuple2<Share.Place, Share>> sorted) {
    this.sorted = sorted;
    advance();
  }

  private void advance() {
    next = sorted.hasNext() ? sorted.next()._2() : null;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Share next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    Share first = next;
    if (first.chunk() == Chunks.MEASURED) {
      advance();
      return first;
    }
    while (next != null && next.chunk() == first.chunk()) {
      shares.add(next.numbers(), next.examples());
      advance();
    }
    return new Share(first.place(), shares.total(), new Floats(shares.mean()));
  }
}
