package prior.infer.spark;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.DataFaults;
import prior.data.spark.Json;
import prior.data.spark.TextFile;

/**
 * The units that are done, in small files that appear whole. Written by a thread of its own, twice
 * a second: Spark's scheduler, which tells of tasks that ended, must not wait for a file system.
 */
final class Journal implements Closeable {
  private static final long MILLIS = 500;

  private final FileSystem fs;
  private final Path folder;
  private final ConcurrentLinkedQueue<DoneUnit> waiting = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService writing = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> often;
  private IOException failure;

  Journal(FileSystem fs, Path folder) {
    this.fs = fs;
    this.folder = folder;
    this.often = writing.scheduleWithFixedDelay(this::write, MILLIS, MILLIS, TimeUnit.MILLISECONDS);
  }

  /** All units that are known to be done, by number. */
  static Map<Integer, DoneUnit> read(FileSystem fs, Path folder) {
    Map<Integer, DoneUnit> done = new TreeMap<>();
    try {
      if (fs.exists(folder)) {
        for (FileStatus file : fs.listStatus(folder)) {
          if (file.getPath().getName().endsWith(".jsonl")) {
            for (String line : lines(fs, file.getPath())) {
              DoneUnit unit = Json.read(line, DoneUnit.class);
              done.putIfAbsent(unit.unit(), unit);
            }
          }
        }
      }
      return done;
    } catch (IOException e) {
      throw DataFaults.storage("read", folder.toString(), e);
    }
  }

  private static List<String> lines(FileSystem fs, Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    TextFile.lines(fs, file, lines::add);
    return lines;
  }

  /** Notes a unit; never waits. */
  void add(DoneUnit unit) {
    waiting.add(unit);
  }

  private synchronized void write() {
    StringBuilder text = new StringBuilder();
    for (DoneUnit unit = waiting.poll(); unit != null; unit = waiting.poll()) {
      text.append(Json.line(unit)).append('\n');
    }
    if (text.isEmpty() || failure != null) {
      return;
    }
    String name = UUID.randomUUID().toString();
    Path whole = new Path(folder, name + ".jsonl");
    Path unfinished = new Path(folder, "_" + name);
    try {
      TextFile.write(fs, unfinished, text.toString());
      if (!fs.rename(unfinished, whole)) {
        throw new IOException("could not rename " + unfinished);
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Writes what is left; fails where anything could not be written. */
  @Override
  public void close() {
    often.cancel(false);
    writing.shutdown();
    write();
    if (failure != null) {
      throw DataFaults.storage("write", folder.toString(), failure);
    }
  }
}
