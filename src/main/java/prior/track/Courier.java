package prior.track;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries measurements to a tracker on threads of its own. Whoever gives them never waits and never
 * sees a failure: a tracker that throws or hangs is opened anew after a pause, a queue that is full
 * takes no more, and the log has one warning.
 */
final class Courier implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
  private static final int QUEUE = 10_000;
  private static final int AT_ONCE = 50;

  /** Threads that may be left behind in a tracker that hangs. */
  private static final int HANGS = 3;

  private static final Measurement END = new Measurement(0, 0, 0, Map.of());

  /** Opens a tracker that goes on after a step: what it holds of later ones is forgotten. */
  @FunctionalInterface
  interface Opening {
    Tracker after(long step) throws Exception;
  }

  /**
   * How long is waited.
   *
   * @param answer for a tracker to take what it was given
   * @param pause after its first failure; twice as long after each that follows
   * @param longestPause at most
   * @param end for the rest to arrive when the run has ended
   */
  record Timing(Duration answer, Duration pause, Duration longestPause, Duration end) {
    static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5));
  }

  private final String name;
  private final Opening opening;
  private final Timing timing;
  private final BlockingQueue<Measurement> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong undelivered = new AtomicLong();
  private final Thread thread;
  private ExecutorService hands = hands();
  private Tracker tracker;
  private long reached;
  private int hangs;
  private volatile boolean warned;
  private volatile Outcome outcome;

  /**
   * @param step what the run goes on after
   */
  Courier(String name, Opening opening, long step, Timing timing) {
    this.name = name;
    this.opening = opening;
    this.timing = timing;
    this.reached = step;
    this.thread = daemon(this);
    thread.start();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "tracking");
    thread.setDaemon(true);
    return thread;
  }

  private static ExecutorService hands() {
    return Executors.newSingleThreadExecutor(Courier::daemon);
  }

  /** Never waits. */
  void give(Measurement measured) {
    undelivered.incrementAndGet();
    queue.offer(measured); // one that finds no room stays among the undelivered
  }

  /** No more will be given. */
  void end(Outcome how) {
    outcome = how;
    while (!queue.offer(END)) {
      queue.poll();
    }
  }

  /** After the end: waits until all was taken, or as long as is allowed. */
  void leave() {
    try {
      thread.join(timing.end().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    if (undelivered.get() > 0) {
      warn("the run ended before it had all");
      LOG.info("{} did not take {} measurements of this run", name, undelivered);
    }
  }

  @Override
  public void run() {
    try {
      carry();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      hands.shutdownNow();
    }
  }

  private void carry() throws InterruptedException {
    Duration pause = timing.pause();
    List<Measurement> batch = new ArrayList<>();
    boolean ended = false;
    while (hangs < HANGS && !(ended && batch.isEmpty())) {
      if (batch.isEmpty()) {
        batch.add(queue.take());
      }
      queue.drainTo(batch, AT_ONCE - batch.size());
      ended |= batch.remove(END);
      if (batch.isEmpty() || deliver(batch)) {
        batch.clear();
        pause = timing.pause();
      } else {
        Thread.sleep(pause.toMillis());
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(timing.longestPause()) < 0 ? twice : timing.longestPause();
      }
    }
    if (tracker != null) {
      attempt(this::close);
    }
  }

  private boolean deliver(List<Measurement> batch) throws InterruptedException {
    List<Measurement> given = List.copyOf(batch);
    boolean taken = attempt(() -> track(given));
    if (taken) {
      undelivered.addAndGet(-given.size());
      reached = given.get(given.size() - 1).step();
    }
    return taken;
  }

  /** What is done on the thread that may hang; it returns the tracker that goes on. */
  @FunctionalInterface
  private interface Work {
    Tracker run() throws Exception;
  }

  private Tracker track(List<Measurement> given) throws Exception {
    Tracker open = tracker == null ? opening.after(reached) : tracker;
    try {
      open.track(given);
      return open;
    } catch (Exception e) {
      open.close();
      throw e;
    }
  }

  private Tracker close() throws Exception {
    try (Tracker open = tracker) {
      open.end(outcome);
    }
    return null;
  }

  private boolean attempt(Work work) throws InterruptedException {
    Future<Tracker> result = hands.submit(work::run);
    try {
      tracker = result.get(timing.answer().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      warn(e.getCause().toString());
    } catch (TimeoutException e) {
      warn("no answer within " + timing.answer().toSeconds() + " s");
      hands.shutdownNow(); // its thread may never notice
      hands = hands();
      hangs++;
    }
    tracker = null;
    return false;
  }

  private void warn(String why) {
    if (!warned) {
      LOG.warn("{} takes no measurements: {}; the run goes on, metrics.jsonl has all", name, why);
      warned = true;
    }
  }
}
