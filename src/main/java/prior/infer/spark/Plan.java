package prior.infer.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.Partition;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import prior.fault.UserFault;

/**
 * A job cut into units of work, each a slice of the input that is the same whenever the input is.
 *
 * @param run this job alone, also after it was resumed
 * @param id the same for the same input, model and options
 * @param mode it was begun with
 * @param options all that a prediction depends on beside model and input
 * @param splitBytes the most bytes of a slice
 * @param units the slice of each: files, and where in them; sorted
 */
record Plan(
    String run,
    String id,
    WriteMode mode,
    String model,
    String options,
    long splitBytes,
    List<String> units) {

  static Plan of(
      WriteMode mode, String model, String options, long splitBytes, List<String> units) {
    String id = Fingerprint.of(model + "\n" + options + "\n" + String.join("\n", units));
    String run = UUID.randomUUID().toString();
    return new Plan(run, id.substring(0, 16), mode, model, options, splitBytes, units);
  }

  /** The slice of each of Spark's partitions. */
  static List<String> slices(Partition[] partitions) {
    List<String> slices = new ArrayList<>();
    for (Partition partition : partitions) {
      slices.add(
          partition instanceof FilePartition files
              ? Arrays.stream(files.files()).map(Plan::slice).collect(Collectors.joining(" "))
              : "slice " + partition.index() + " of " + partitions.length + " of no file");
    }
    return slices;
  }

  private static String slice(PartitionedFile file) {
    return "%s bytes %d+%d of %d changed %d"
        .formatted(
            file.filePath(), file.start(), file.length(), file.fileSize(), file.modificationTime());
  }

  /** The partitions in the order of units, so that a unit's number does not depend on Spark's. */
  static List<Integer> order(List<String> slices) {
    return IntStream.range(0, slices.size())
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> place(slices.get(i))))
        .toList();
  }

  /** Path, then start as a number of fixed width. */
  private static String place(String slice) {
    int bytes = slice.indexOf(" bytes ");
    if (bytes < 0) {
      return slice;
    }
    String start = slice.substring(bytes + 7, slice.indexOf('+', bytes));
    return slice.substring(0, bytes) + "0".repeat(Math.max(0, 20 - start.length())) + start;
  }

  /**
   * Makes sure that what was begun can be gone on with.
   *
   * @param before how far that plan was written
   * @throws UserFault where input, model or options are others
   */
  void refuseOther(Plan before, String where) {
    differ(where, "model", before.model, model);
    differ(where, "options", before.options, options);
    if (units.stream().anyMatch(slice -> slice.endsWith("of no file"))) {
      throw refused(where, "an input whose slices lie in files", "a view or another source");
    }
    for (int i = 0; i < Math.max(units.size(), before.units.size()); i++) {
      differ(where, "input", at(before.units, i), at(units, i));
    }
  }

  private static String at(List<String> slices, int i) {
    return i < slices.size() ? slices.get(i) : "nothing more";
  }

  private static void differ(String where, String what, String before, String now) {
    if (!before.equals(now)) {
      throw refused(where, "the " + what + " it was begun with, " + before, now);
    }
  }

  private static UserFault refused(String where, String expected, String found) {
    return UserFault.usage(
        "Cannot resume %s: expected %s, found %s; --mode overwrite begins afresh"
            .formatted(where, expected, found));
  }
}
