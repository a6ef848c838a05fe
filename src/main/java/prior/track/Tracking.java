package prior.track;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.conf.TrackConf;

/** All that follows a run. Nothing here waits, throws or changes what training does. */
public final class Tracking implements AutoCloseable {
  private final List<Courier> couriers;
  private Outcome outcome = Outcome.FAILED;

  /**
   * A run to follow.
   *
   * @param folder the run's
   * @param step optimizer steps it goes on after; 0 for a new one
   * @param settings shown beside the numbers, by key
   */
  public record Run(FileSystem fs, Path folder, long step, Map<String, String> settings) {}

  Tracking(List<Courier> couriers) {
    this.couriers = List.copyOf(couriers);
  }

  /** Begins to follow a run with the trackers that are asked for. */
  public static Tracking of(TrackConf conf, Run run) {
    List<Courier> couriers = new ArrayList<>();
    if (conf.tensorboard()) {
      couriers.add(courier("TensorBoard's folder", run, after -> new EventFiles(run, after)));
    }
    if (conf.mlflow().uri() != null) {
      couriers.add(courier("MLflow", run, after -> MlflowTracker.open(conf.mlflow(), run)));
    }
    return new Tracking(couriers);
  }

  private static Courier courier(String name, Run run, Courier.Opening opening) {
    return new Courier(name, opening, run.step(), Courier.Timing.DEFAULT);
  }

  /** Hands numbers on; does not wait for them to arrive. */
  public void accept(Measurement measured) {
    couriers.forEach(courier -> courier.give(measured));
  }

  /** The run has done all it should; without this it counts as failed. */
  public void finished() {
    outcome = Outcome.FINISHED;
  }

  /** Lets what was handed over arrive, for some seconds at most. */
  @Override
  public void close() {
    couriers.forEach(courier -> courier.end(outcome));
    couriers.forEach(Courier::leave);
  }
}
