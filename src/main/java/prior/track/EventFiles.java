package prior.track;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.io.IOUtils;

/**
 * TensorBoard's event files in a run's {@code tensorboard}, numbered in the order of their steps,
 * one for each start: no storage but HDFS can append. Where a stream cannot be flushed (object
 * stores), a file is ended every few minutes, so that it can be seen.
 *
 * <p>A run that goes on first takes away what was written of steps that it will do again.
 */
final class EventFiles implements Tracker {
  private static final String NAME = "events.out.tfevents.";
  private static final String CUT = "cut.tmp";
  private static final Duration UNSEEN = Duration.ofMinutes(5);

  private final FileSystem fs;
  private final Path folder;
  private int number;
  private FSDataOutputStream out;
  private long opened;

  /** Goes on after a step. */
  EventFiles(Tracking.Run run, long step) throws IOException {
    // TensorBoard would take the checksums' files beside local ones for event files.
    this.fs = run.fs() instanceof LocalFileSystem local ? local.getRaw() : run.fs();
    this.folder = new Path(run.folder(), "tensorboard");
    fs.mkdirs(folder);
    for (Path file : files()) {
      cut(file, step);
      number = Integer.parseInt(file.getName().substring(NAME.length()));
    }
    if (number > 0) {
      write(EventRecord.restart(System.currentTimeMillis(), step + 1));
      show();
    }
  }

  private List<Path> files() throws IOException {
    return Arrays.stream(fs.listStatus(folder))
        .map(FileStatus::getPath)
        .filter(file -> file.getName().matches("\\Q" + NAME + "\\E\\d{1,9}"))
        .sorted()
        .toList();
  }

  /** Ends a file before its first record of a later step, or that is not whole. */
  private void cut(Path file, long step) throws IOException {
    long kept = 0;
    boolean more;
    try (FSDataInputStream in = fs.open(file)) {
      EventRecord.Read record = EventRecord.read(in);
      while (record != null && record.step() <= step) {
        kept += record.bytes();
        record = EventRecord.read(in);
      }
      more = in.getPos() > kept; // HDFS does not know how long a killed writer's file is
    }
    if (more) {
      Path shorter = new Path(folder, CUT);
      try (FSDataInputStream in = fs.open(file);
          FSDataOutputStream copy = fs.create(shorter)) {
        IOUtils.copyBytes(in, copy, kept, false);
      }
      fs.delete(file, false);
      fs.rename(shorter, file);
    }
  }

  @Override
  public void track(List<Measurement> measured) throws IOException {
    for (Measurement one : measured) {
      write(EventRecord.scalars(one));
    }
    show();
  }

  private void show() throws IOException {
    if (out.hasCapability(StreamCapabilities.HFLUSH)) {
      out.hflush();
    } else if (System.nanoTime() - opened > UNSEEN.toNanos()) {
      close();
    }
  }

  private void write(byte[] record) throws IOException {
    if (out == null) {
      number++;
      out = fs.create(new Path(folder, NAME + "%06d".formatted(number)), false);
      opened = System.nanoTime();
      out.write(EventRecord.version(System.currentTimeMillis()));
    }
    out.write(record);
  }

  @Override
  public void end(Outcome outcome) {}

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
  }
}
