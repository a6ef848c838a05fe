package prior.train.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.conf.DeviceChoice;
import prior.fault.UserFault;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/** Which worker runs where and on what, asked of the executors once at the start. */
record DeviceTable(List<WorkerDevice> workers, int executors) {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceTable.class);

  /**
   * Asks as many tasks as there are workers; they wait for each other, where there are slots for
   * all, so that each takes the place of a worker.
   */
  static DeviceTable ask(JavaSparkContext spark, int workers, DeviceChoice choice, boolean atOnce) {
    spark.setJobDescription("devices of %d workers".formatted(workers));
    List<Integer> numbers = IntStream.range(0, workers).boxed().toList();
    JavaRDD<Integer> tasks = spark.parallelize(numbers, workers);
    Question question = new Question(choice);
    List<WorkerDevice> found =
        new ArrayList<>(
            atOnce
                ? tasks
                    .rdd()
                    .barrier()
                    .mapPartitions(question, false, ClassTag$.MODULE$.apply(WorkerDevice.class))
                    .toJavaRDD()
                    .collect()
                : tasks.map(worker -> WorkerDevice.ofTask(worker, choice)).collect());
    spark.setJobDescription(null);
    found.sort(Comparator.comparingInt(WorkerDevice::worker));
    return new DeviceTable(List.copyOf(found), executors(spark.sc()));
  }

  private static int executors(SparkContext spark) {
    int all = spark.statusTracker().getExecutorInfos().length;
    return spark.isLocal() ? all : all - 1; // the driver counts as one
  }

  /**
   * Says it.
   *
   * @param slots tasks that all executors run at once
   * @throws UserFault where a worker cannot have the device that was asked for
   */
  void log(int slots) {
    LOG.info("{}", this);
    workers.stream()
        .filter(WorkerDevice::refused)
        .findFirst()
        .ifPresent(
            worker -> {
              throw UserFault.resources(worker.note());
            });
    idle(slots).ifPresent(LOG::warn);
  }

  /** What to say where executors or slots have nothing to do. */
  Optional<String> idle(int slots) {
    long used = workers.stream().map(WorkerDevice::executor).distinct().count();
    return used < executors || workers.size() < slots
        ? Optional.of(
            ("%d workers leave some of %d slots on %d executors idle: set spark.workers = %d, or more"
                    + " spark.task.cpus for each worker")
                .formatted(workers.size(), slots, executors, slots))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return workers.stream().map(DeviceTable::line).collect(Collectors.joining("", "devices", ""));
  }

  private static String line(WorkerDevice at) {
    String note = at.note().isEmpty() ? "" : "; " + at.note();
    return "\n  worker %d: host %s, executor %s, %s%s"
        .formatted(at.worker(), at.host(), at.executor(), at.device(), note);
  }

  /** What a task is asked. */
  private static final class Question
      extends AbstractFunction1<
          scala.collection.Iterator<Integer>, scala.collection.Iterator<WorkerDevice>>
      implements Serializable {
    private static final long serialVersionUID = 1;
    private final DeviceChoice choice;

    Question(DeviceChoice choice) {
      this.choice = choice;
    }

    @Override
    public scala.collection.Iterator<WorkerDevice> apply(
        scala.collection.Iterator<Integer> worker) {
      List<WorkerDevice> found = new ArrayList<>();
      JavaConverters.asJavaIterator(worker)
          .forEachRemaining(number -> found.add(WorkerDevice.ofTask(number, choice)));
      return JavaConverters.asScalaIterator(found.iterator());
    }
  }
}
