package prior.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * The threads of one worker. Work is cut into as many parts as there are lanes; lane 0 is the
 * caller's own thread. Operations inside a lane run on one core: several workers of a JVM use as
 * many cores as they have lanes, and no more.
 */
public final class Lanes implements AutoCloseable {
  private final int count;
  private final ExecutorService others;

  /**
   * @param count lanes, at least 1
   */
  public Lanes(int count) {
    this.count = count;
    this.others =
        count == 1
            ? null
            : Executors.newFixedThreadPool(
                count - 1,
                work -> {
                  Thread thread = new Thread(work, "prior lane");
                  thread.setDaemon(true);
                  return thread;
                });
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Runs {@code work} once for each lane, at the same time, and returns when all have ended. */
  public void run(IntConsumer work) {
    List<Future<?>> running = new ArrayList<>();
    for (int lane = 1; lane < count; lane++) {
      int number = lane;
      running.add(others.submit(() -> work.accept(number)));
    }
    try {
      work.accept(0);
    } finally {
      running.forEach(Lanes::await);
    }
  }

  /** Lets the threads go; nothing can be run after. */
  @Override
  public void close() {
    if (others != null) {
      others.shutdown();
    }
  }

  private static void await(Future<?> lane) {
    try {
      lane.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot finish: interrupted while other lanes ran", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot finish: a lane failed", e.getCause());
    }
  }
}
