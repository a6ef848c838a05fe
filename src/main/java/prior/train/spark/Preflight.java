package prior.train.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.fault.UserFault;

/**
 * What a run needs of its executors, compared with what they have before the first round: a run
 * must not die after an hour of what was known at its start.
 *
 * @param workers tasks that train side by side
 * @param bytes what a worker surely takes outside the heap: parameters, gradients, moments, average
 */
record Preflight(int workers, long bytes) {
  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);
  private static final long GIB = 1L << 30;

  /** Of a network with so many parameters, trained by so many threads. */
  static Preflight of(int workers, long parameters, int threads, boolean ema) {
    int copies = 1 + threads + 2 + (ema ? 1 : 0);
    return new Preflight(workers, Float.BYTES * parameters * copies);
  }

  /**
   * Refuses what cannot go well.
   *
   * @throws UserFault naming each option to set with its value, all at once
   */
  void check(ClusterGives gives) {
    List<String> problems = new ArrayList<>();
    slots(gives, problems);
    memory(gives, problems);
    if (!problems.isEmpty()) {
      throw UserFault.resources(
          "Cannot train with %d workers: ".formatted(workers) + String.join("; ", problems));
    }
  }

  /** On one machine workers may take turns, which costs time alone. */
  private void slots(ClusterGives gives, List<String> problems) {
    if (gives.slots() >= workers) {
      return;
    }
    if (gives.local()) {
      LOG.warn("{} workers take turns on {} slots of {}", workers, gives.slots(), "this process");
      return;
    }
    int executors = -Math.floorDiv(-workers, gives.slotsEach());
    problems.add(
        ("expected a slot for each worker, found %d; set --num-executors %d (standalone:"
                + " --total-executor-cores), or spark.workers = %d")
            .formatted(gives.slots(), executors, Math.max(1, gives.slots())));
  }

  private void memory(ClusterGives gives, List<String> problems) {
    long arrays = bytes * Math.min(workers, gives.slotsEach());
    String options =
        gives.local() ? "--driver-java-options" : "--conf spark.executor.extraJavaOptions=";
    if (gives.arrays() < arrays) {
      problems.add(
          limit("ND4J's arrays", arrays, gives.arrays())
              + "; set %s \"… -Dorg.bytedeco.javacpp.maxbytes=%dg\""
                  .formatted(options, gib(arrays)));
    }
    long process = arrays + gives.heap();
    if (gives.process() < process) {
      problems.add(
          limit("a process", process, gives.process())
              + "; set %s \"… -Dorg.bytedeco.javacpp.maxphysicalbytes=%dg\""
                  .formatted(options, gib(process)));
    }
    if (gives.overhead().orElse(Long.MAX_VALUE) < arrays) {
      problems.add(
          limit("a container beside the heap", arrays, gives.overhead().getAsLong())
              + "; set --conf spark.executor.memoryOverhead=%dg".formatted(gib(arrays)));
    }
  }

  private static String limit(String what, long expected, long found) {
    return String.format(
        Locale.ROOT,
        "expected at least %,d MiB for %s, found %,d MiB",
        expected >> 20,
        what,
        found >> 20);
  }

  private static long gib(long bytes) {
    return (bytes + GIB - 1) / GIB;
  }
}
