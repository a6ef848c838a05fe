package prior.train.spark;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.network.util.JavaUtils;

/**
 * What a cluster gives to tasks, as far as its settings and its driver tell.
 *
 * @param local whether tasks run in the driver's own process
 * @param slots tasks that all executors run at once
 * @param slotsEach tasks that one executor runs at once
 * @param heap bytes of an executor's heap
 * @param arrays the most bytes ND4J may take beside it (org.bytedeco.javacpp.maxbytes)
 * @param process the most bytes the process may take (org.bytedeco.javacpp.maxphysicalbytes)
 * @param overhead bytes a container has beside the heap; empty where there are no containers
 */
record ClusterGives(
    boolean local,
    int slots,
    int slotsEach,
    long heap,
    long arrays,
    long process,
    OptionalLong overhead) {
  private static final String OPTIONS = "spark.executor.extraJavaOptions";
  private static final String PROPERTY = "org.bytedeco.javacpp.";
  private static final Pattern CONTAINERS = Pattern.compile("(yarn|k8s://).*");
  private static final long WAIT_MILLIS = 100;

  /** Asks a running context; where executors still register, waits until there are enough. */
  static ClusterGives of(SparkContext spark, int wanted) throws InterruptedException {
    SparkConf conf = spark.conf();
    int cpus = conf.getInt("spark.task.cpus", 1);
    int slots = slots(spark, wanted);
    if (spark.isLocal()) {
      return local(slots);
    }
    int cores = conf.getInt("spark.executor.cores", cpus);
    return remote(slots, Math.max(1, cores / cpus), conf);
  }

  /** The driver's own process. */
  private static ClusterGives local(int slots) {
    String properties =
        "-D%1$smaxbytes=%2$s -D%1$smaxphysicalbytes=%3$s"
            .formatted(
                PROPERTY,
                System.getProperty(PROPERTY + "maxbytes", "none"),
                System.getProperty(PROPERTY + "maxphysicalbytes", "none"));
    long heap = Runtime.getRuntime().maxMemory();
    return of(true, slots, slots, heap, properties, OptionalLong.empty());
  }

  /** Executors, by what they are started with. */
  static ClusterGives remote(int slots, int slotsEach, SparkConf conf) {
    long heap = mebibytes(conf, "spark.executor.memory", "1g");
    long tenth = Math.max(384L << 20, heap / 10);
    OptionalLong overhead =
        CONTAINERS.matcher(conf.get("spark.master", "")).matches()
            ? OptionalLong.of(mebibytes(conf, "spark.executor.memoryOverhead", tenth + "b"))
            : OptionalLong.empty();
    return of(false, slots, slotsEach, heap, conf.get(OPTIONS, ""), overhead);
  }

  /** Bytes of a setting whose number, where it has no unit, is Spark's MiB. */
  private static long mebibytes(SparkConf conf, String key, String standard) {
    return conf.getSizeAsMb(key, standard) << 20;
  }

  private static ClusterGives of(
      boolean local, int slots, int each, long heap, String options, OptionalLong overhead) {
    long arrays = size(options, "maxbytes", heap);
    long process = size(options, "maxphysicalbytes", 2 * heap);
    return new ClusterGives(local, slots, each, heap, arrays, process, overhead);
  }

  /** A limit of JavaCPP among Java options; 0 is none. Its own defaults follow the heap. */
  private static long size(String options, String name, long standard) {
    Matcher given =
        Pattern.compile("-D" + Pattern.quote(PROPERTY + name) + "=(\\d+[a-zA-Z]*)")
            .matcher(options);
    if (!given.find()) {
      return standard;
    }
    long bytes = JavaUtils.byteStringAsBytes(given.group(1));
    return bytes == 0 ? Long.MAX_VALUE : bytes;
  }

  private static int slots(SparkContext spark, int wanted) throws InterruptedException {
    boolean grows = spark.conf().getBoolean("spark.dynamicAllocation.enabled", false);
    long most =
        spark.conf().getTimeAsMs("spark.scheduler.maxRegisteredResourcesWaitingTime", "30s");
    int slots = count(spark);
    for (long waited = 0;
        slots < wanted && waited < most && !spark.isLocal() && !grows;
        waited += WAIT_MILLIS) {
      Thread.sleep(WAIT_MILLIS);
      slots = count(spark);
    }
    return grows ? Math.max(slots, wanted) : slots;
  }

  private static int count(SparkContext spark) {
    return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
  }
}
