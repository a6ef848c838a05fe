package prior.train.spark;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import prior.train.LocalTrainer;

/**
 * The trainers of an executor that no task uses at the moment, kept between rounds because
 * recording a network's programs takes longer than a round. Only the latest run's are kept.
 */
final class WorkerPool {
  private static final Deque<LocalTrainer> IDLE = new ArrayDeque<>();
  private static String run = "";

  private WorkerPool() {}

  static LocalTrainer take(String wantedRun, Supplier<LocalTrainer> make) {
    synchronized (IDLE) {
      if (!run.equals(wantedRun)) {
        IDLE.clear();
        run = wantedRun;
      }
      if (!IDLE.isEmpty()) {
        return IDLE.pop();
      }
    }
    return make.get();
  }

  static void giveBack(String fromRun, LocalTrainer trainer) {
    synchronized (IDLE) {
      if (run.equals(fromRun)) {
        IDLE.push(trainer);
      }
    }
  }
}
