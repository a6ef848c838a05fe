package prior.infer.spark;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import prior.infer.Predictor;

/**
 * The predictors of an executor that no task uses at the moment: a model is set up once for each
 * core, not for each partition. Only the latest job's are kept.
 */
final class PredictorPool {
  private static final Deque<Predictor> IDLE = new ArrayDeque<>();
  private static String job = "";

  private PredictorPool() {}

  static Predictor take(String wantedJob, Supplier<Predictor> make) {
    synchronized (IDLE) {
      if (!job.equals(wantedJob)) {
        IDLE.forEach(Predictor::close);
        IDLE.clear();
        job = wantedJob;
      }
      if (!IDLE.isEmpty()) {
        return IDLE.pop();
      }
    }
    return make.get();
  }

  static void giveBack(String fromJob, Predictor predictor) {
    synchronized (IDLE) {
      if (job.equals(fromJob)) {
        IDLE.push(predictor);
      } else {
        predictor.close();
      }
    }
  }
}
