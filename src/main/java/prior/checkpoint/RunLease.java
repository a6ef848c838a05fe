package prior.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.data.DataFaults;
import prior.data.SeparateClose;
import prior.fault.UserFault;

/**
 * The right to write to a run's folder: a small file that names its holder and whose beat changes
 * every few seconds. A holder that has died is recognised by its process, on the same host, or by a
 * beat that stands still; so a job that is started again goes on without help.
 */
public final class RunLease implements AutoCloseable {
  /** The file's name in the run folder. */
  public static final String FILE_NAME = ".lease";

  /** How often the beat changes, and after how long without a change the holder counts as dead. */
  public record Timing(Duration beat, Duration stale) {
    /** For clusters whose pauses are shorter than half a minute. */
    public static final Timing DEFAULT = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(40));
  }

  private static final Logger LOG = System.getLogger(RunLease.class.getName());

  /** The part of a beat that a file of a few bytes surely takes to be written. */
  private static final int SETTLING = 4;

  private static final Duration LAST_RENEWAL = Duration.ofSeconds(30);

  private final FileSystem fs;
  private final Path file;
  private final String id = UUID.randomUUID().toString();
  private final ScheduledExecutorService beating;
  private Future<?> renewal;
  private long beat;
  private volatile boolean lost;

  private RunLease(FileSystem fs, Path file) {
    this.fs = fs;
    this.file = file;
    this.beating =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "run lease");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes the lease of a run folder, which is made where it is missing. Where another holds it,
   * waits until that one has died.
   *
   * @throws UserFault where the other is alive
   */
  public static RunLease take(FileSystem fs, Path run, Timing timing) {
    RunLease lease = new RunLease(fs, new Path(run, FILE_NAME));
    try {
      while (!lease.create() || !lease.settled(timing.beat())) {
        lease.clearDead(timing.stale());
      }
    } catch (IOException e) {
      throw DataFaults.storage("take", lease.file.toString(), e);
    }
    long period = timing.beat().toMillis();
    lease.renewal =
        lease.beating.scheduleAtFixedRate(lease::renew, period, period, TimeUnit.MILLISECONDS);
    return lease;
  }

  private boolean create() throws IOException {
    fs.mkdirs(file.getParent());
    try (OutputStream out = new SeparateClose(fs.create(file, false))) {
      out.write(text());
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /**
   * Of jobs that found no lease at the same moment, an object store lets each write one, and the
   * last stays: a while later it is there. One that came later still is noticed by {@link #renew}.
   */
  private boolean settled(Duration beat) throws IOException {
    if (!ObjectStore.holds(fs, file)) {
      return true;
    }
    sleep(beat.toMillis() / SETTLING);
    return ours();
  }

  /** Removes another's lease once it is known to be dead. */
  private void clearDead(Duration stale) throws IOException {
    Optional<String> before = content();
    if (before.isPresent() && !diedHere(before.get())) {
      LOG.log(Level.INFO, "Another job may be writing to " + file.getParent() + ": waiting");
      long end = System.nanoTime() + stale.toNanos();
      while (System.nanoTime() < end) {
        sleep(Math.max(1, stale.toMillis() / 20));
        Optional<String> now = content();
        if (now.isEmpty()) {
          return;
        }
        refuseIfAlive(before.get(), now.get());
        before = before.get().isEmpty() ? now : before;
      }
    }
    fs.delete(file, false);
  }

  private void refuseIfAlive(String before, String now) {
    boolean bothWhole = !before.isEmpty() && !now.isEmpty();
    if (bothWhole && !before.equals(now)) {
      throw UserFault.usage(
          "Cannot start: expected no other job on %s, found one that is running: %s"
              .formatted(file.getParent(), Shown.text(now)));
    }
  }

  /** Whether the holder was a process of this host that is no more. */
  private boolean diedHere(String text) {
    String name = file.toString();
    try {
      JsonNode holder = PlainJson.parse(name, text.getBytes(UTF_8));
      long pid = PlainJson.number(name, holder, "pid");
      boolean here = PlainJson.text(name, holder, "host").equals(host());
      return here && ProcessHandle.of(pid).isEmpty();
    } catch (UserFault halfWritten) {
      return false;
    }
  }

  /** The lease as it lies there; no text while its holder is writing it, empty where none is. */
  private Optional<String> content() throws IOException {
    try {
      return Optional.of(new String(CheckedFiles.bytes(new HadoopLocation(fs, file)), UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (DamagedFileException | EOFException halfWritten) {
      return Optional.of("");
    }
  }

  private boolean ours() throws IOException {
    return content().filter(text -> text.contains(id)).isPresent();
  }

  private byte[] text() {
    ObjectNode holder = PlainJson.object();
    holder.put("beat", beat++);
    holder.put("host", host());
    holder.put("id", id);
    holder.put("pid", ProcessHandle.current().pid());
    return PlainJson.bytes(holder);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private void renew() {
    try {
      if (!ours()) {
        lost = true;
        return;
      }
      try (OutputStream out = new SeparateClose(fs.create(file, true))) {
        out.write(text());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The lease " + file + " could not be renewed: " + e.getMessage());
    }
  }

  /**
   * Makes sure before something is published that nobody else has taken the run over.
   *
   * @throws UserFault where somebody has
   */
  public void check() {
    if (lost) {
      throw UserFault.storage(
          "Cannot go on: expected to hold %s, found that another job has taken it over"
              .formatted(file),
          null);
    }
  }

  @Override
  public void close() {
    endRenewal();
    try {
      if (!lost && ours()) {
        fs.delete(file, false);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The lease " + file + " could not be removed: " + e.getMessage());
    }
  }

  /**
   * A renewal cut off would leave half a lease, which is nobody's and keeps the next job waiting.
   */
  private void endRenewal() {
    renewal.cancel(false);
    beating.shutdown();
    try {
      if (!beating.awaitTermination(LAST_RENEWAL.toMillis(), TimeUnit.MILLISECONDS)) {
        beating.shutdownNow();
      }
    } catch (InterruptedException e) {
      beating.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UserFault.usage("Cannot start: interrupted while waiting for another job's lease");
    }
  }
}
