package prior.track;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What a run folder's event files say. */
public final class EventSteps {
  private EventSteps() {}

  /** Steps of all records in the order in which TensorBoard reads them, versions aside. */
  public static List<Long> of(FileSystem fs, Path run) throws IOException {
    List<Long> steps = new ArrayList<>();
    for (Path file : files(fs, run)) {
      try (DataInputStream in = fs.open(file)) {
        EventRecord.read(in); // the version
        for (EventRecord.Read r = EventRecord.read(in); r != null; r = EventRecord.read(in)) {
          steps.add(r.step());
        }
      }
    }
    return steps;
  }

  static List<Path> files(FileSystem fs, Path run) throws IOException {
    return Arrays.stream(fs.listStatus(new Path(run, "tensorboard")))
        .map(FileStatus::getPath)
        .sorted()
        .toList();
  }
}
