package prior.track;

import java.util.List;

/**
 * Takes a run's measurements somewhere. It may throw and hang as it likes: {@link Courier} stands
 * between it and training.
 */
interface Tracker extends AutoCloseable {

  /** Takes measurements, in the order of their steps; they count as taken when it returns. */
  void track(List<Measurement> measured) throws Exception;

  /** The run has ended; nothing follows but {@link #close}. */
  void end(Outcome outcome) throws Exception;
}
