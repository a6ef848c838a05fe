package prior.train.spark;

import org.apache.spark.Partitioner;
import prior.train.StateShape;

/** Deals the chunks of a state to the tasks that average them. */
final class ChunkPartitioner extends Partitioner {
  private static final long serialVersionUID = 1;

  /** Of a task's result, which travels to the driver whole. */
  private static final long MOST_BYTES_OUT = 64L << 20;

  /** What a task takes in from all workers; more than it has memory for goes to its disk. */
  private static final long MOST_BYTES_IN = 512L << 20;

  private final int partitions;

  ChunkPartitioner(int partitions) {
    this.partitions = partitions;
  }

  static ChunkPartitioner of(StateShape shape, int workers) {
    return new ChunkPartitioner(tasks(shape, workers));
  }

  /** A multiple of the workers, so that as many tasks are busy as in training. */
  static int tasks(StateShape shape, int workers) {
    long out = shape.bytes() / MOST_BYTES_OUT;
    long in = shape.bytes() * workers / MOST_BYTES_IN;
    long eachWorker = Math.max(out, in) / workers + 1;
    return (int) Math.min(eachWorker * workers, shape.slices(Chunks.SIZE).size());
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object place) {
    return Math.floorMod(((Share.Place) place).chunk(), partitions);
  }
}
