package prior.bench;

import java.util.ArrayList;
import java.util.List;
import prior.data.NamedRandom;
import prior.model.Lanes;
import prior.train.Floats;
import prior.train.Shares;

/**
 * The arithmetic of averaging: the weighted mean of what four workers hold, 16 million numbers
 * each, in chunks shared out to the threads as tasks would take them.
 */
final class AverageWorkload implements Workload {
  private static final int WORKERS = 4;
  private static final int CHUNK = 1 << 16;
  private static final int CHUNKS = 256;

  private final Lanes lanes;
  private final List<Floats> values = new ArrayList<>();

  AverageWorkload(int threads) {
    this.lanes = new Lanes(threads);
    for (int worker = 0; worker < WORKERS; worker++) {
      float[] held = new float[CHUNK];
      NamedRandom.of(worker, "held").fillGaussian(held, 0, CHUNK);
      values.add(new Floats(held));
    }
  }

  @Override
  public void run() {
    lanes.run(
        lane -> {
          Shares shares = new Shares(CHUNK);
          for (int chunk = lane; chunk < CHUNKS; chunk += lanes.count()) {
            for (int worker = 0; worker < WORKERS; worker++) {
              shares.add(values.get(worker), 100 + worker);
            }
            shares.mean();
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
