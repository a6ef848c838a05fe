package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Spark's standalone master and workers, each a process, from the jars of the test's class path.
 * Every worker has one core. Nothing of it outlives {@link #close}.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Registering worker ");

  private final Path folder;
  private final List<String> opens;
  private final List<Process> started = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();
  private final String master;

  /** Starts a cluster whose files and logs lie in a folder, and waits until it is whole. */
  StandaloneCluster(Path folder, int count) throws Exception {
    this(folder, count, false);
  }

  /** The same, where each worker says that it has a GPU: the first gpu:0, the next gpu:1. */
  static StandaloneCluster withGpus(Path folder, int count) throws Exception {
    return new StandaloneCluster(folder, count, true);
  }

  private StandaloneCluster(Path folder, int count, boolean gpus) throws Exception {
    this.folder = folder;
    this.opens =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.matches("--add-opens.*|-XX:.*|-Djdk\\.reflect.*"))
            .toList();
    linkJars();
    try {
      java("master", 256, "org.apache.spark.deploy.master.Master", "--port", "0");
      until(() -> URL.matcher(log("master")).find(), "master");
      Matcher url = URL.matcher(log("master"));
      assertThat(url.find()).isTrue();
      master = url.group(1);
      for (int i = 0; i < count; i++) {
        workers.add(worker(i, gpus ? gpu(i) : List.of()));
      }
      until(() -> REGISTERED.matcher(log("master")).results().count() == count, "master");
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /** A folder with jars/, which is all of a Spark distribution that executors are started from. */
  private void linkJars() throws IOException {
    Path jars = Files.createDirectories(folder.resolve("spark/jars"));
    for (String element : CLASS_PATH.split(File.pathSeparator)) {
      Path jar = Path.of(element);
      Path link = jars.resolve(jar.getFileName());
      if (element.endsWith(".jar") && !Files.exists(link)) {
        Files.createSymbolicLink(link, jar);
      }
    }
  }

  /** What spark/jars does not hold. */
  private static String classes() {
    return Stream.of(CLASS_PATH.split(File.pathSeparator))
        .filter(element -> !element.endsWith(".jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Process worker(int number, List<String> gpu) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--cores", "1", "--memory", "1g"));
    arguments.addAll(List.of("--work-dir", folder.resolve("work-" + number).toString()));
    arguments.addAll(gpu);
    arguments.add(master);
    return java(
        "worker-" + number,
        256,
        "org.apache.spark.deploy.worker.Worker",
        arguments.toArray(String[]::new));
  }

  /** Options of a worker whose discovery script tells of one card, with the worker's number. */
  private List<String> gpu(int number) throws IOException {
    Path script = folder.resolve("gpu-" + number + ".sh");
    String told = "{\"name\":\"gpu\",\"addresses\":[\"%d\"]}".formatted(number);
    Files.writeString(script, "#!/bin/sh\necho '" + told + "'\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Path properties = folder.resolve("gpu-" + number + ".conf");
    Files.writeString(
        properties,
        "spark.worker.resource.gpu.amount 1\nspark.worker.resource.gpu.discoveryScript " + script);
    return List.of("--properties-file", properties.toString());
  }

  /** A job that spark-submit was started for, in client mode. */
  final class Job {
    private final String name;
    private final Process process;

    private Job(String name, Process process) {
      this.name = name;
      this.process = process;
    }

    /** What it has printed until now, Spark's log included. */
    String log() {
      return StandaloneCluster.this.log(name);
    }

    boolean running() {
      return process.isAlive();
    }

    /** Its exit status. */
    int status() throws InterruptedException {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("ended; its log: %s", log()).isTrue();
      return process.exitValue();
    }

    /** SIGKILL, as the kernel does when memory is short. */
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    /** Waits until it has come somewhere, and fails where it ends before. */
    void until(BooleanSupplier reached) throws InterruptedException {
      StandaloneCluster.until(() -> reached.getAsBoolean() || !running(), name);
      assertThat(reached.getAsBoolean()).as("reached; its log: %s", log()).isTrue();
    }
  }

  /**
   * Starts a job.
   *
   * @param name of its log
   * @param conf Spark settings, {@code key=value}
   */
  Job submit(String name, String main, List<String> conf, List<String> arguments)
      throws IOException {
    List<String> options =
        new ArrayList<>(List.of("--master", master, "--executor-memory", "512m"));
    List<String> settings =
        new ArrayList<>(
            List.of(
                "spark.ui.enabled=false",
                "spark.driver.host=127.0.0.1",
                "spark.driver.bindAddress=127.0.0.1",
                "spark.executor.extraClassPath=" + classes(),
                "spark.executorEnv.OMP_NUM_THREADS=1",
                "spark.executor.extraJavaOptions="
                    + String.join(" ", opens)
                    + " -XX:TieredStopAtLevel=1 -Dorg.bytedeco.javacpp.maxbytes=512m"));
    settings.addAll(conf);
    settings.forEach(setting -> options.addAll(List.of("--conf", setting)));
    options.addAll(List.of("--class", main, "spark-internal"));
    options.addAll(arguments);
    return new Job(
        name,
        java(name, 768, "org.apache.spark.deploy.SparkSubmit", options.toArray(String[]::new)));
  }

  /** The executors that run now. */
  List<ProcessHandle> executors() {
    return workers.stream().flatMap(worker -> worker.toHandle().children()).toList();
  }

  private Process java(String name, int megabytes, String main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(opens);
    command.addAll(List.of("-Xmx" + megabytes + "m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", CLASS_PATH, main));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .directory(folder.toFile());
    builder.environment().put("SPARK_HOME", folder.resolve("spark").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_LOCAL_HOSTNAME", "127.0.0.1");
    builder.environment().put("SPARK_MASTER_WEBUI_PORT", "0");
    builder.environment().put("SPARK_WORKER_WEBUI_PORT", "0");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      return "no log of " + name + ": " + e;
    }
  }

  private static void until(BooleanSupplier reached, String who) throws InterruptedException {
    long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime() - patience).as("patience with %s", who).isNegative();
      TimeUnit.MILLISECONDS.sleep(40);
    }
  }

  /** Kills every process and its descendants. */
  @Override
  public void close() {
    List<ProcessHandle> all =
        started.stream()
            .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
            .toList();
    started.forEach(Process::destroyForcibly);
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }
}
