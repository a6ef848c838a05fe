package prior.bench;

import java.util.ArrayList;
import java.util.List;
import prior.data.NamedRandom;
import prior.model.Lanes;
import prior.train.Shares;

/**
 * The arithmetic of averaging: the weighted mean of what four workers hold, 16 million numbers
 * each, in chunks shared out to the threads as tasks would take them.
 */
final class AverageWorkload implements Workload {
  private static final int WORKERS = 4;
  private static final int CHUNK = 1 << 22;
  private static final int CHUNKS = 4;

  private final Lanes lanes;
  private final List<float[]> values = new ArrayList<>();
  private final List<Long> examples = new ArrayList<>();

  AverageWorkload(int threads) {
    this.lanes = new Lanes(threads);
    for (int worker = 0; worker < WORKERS; worker++) {
      float[] held = new float[CHUNK];
      NamedRandom.of(worker, "held").fillGaussian(held, 0, CHUNK);
      values.add(held);
      examples.add(100L + worker);
    }
  }

  @Override
  public void run() {
    lanes.run(
        lane -> {
          for (int chunk = lane; chunk < CHUNKS; chunk += lanes.count()) {
            Shares.mean(values, examples);
          }
        });
  }

  @Override
  public long rows() {
    return (long) CHUNK * CHUNKS;
  }

  @Override
  public Amount amount() {
    return new Amount("gigabytes_per_second", 4e-9 * WORKERS * CHUNK * CHUNKS);
  }
}
