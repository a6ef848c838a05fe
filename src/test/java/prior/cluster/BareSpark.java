package prior.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Spark that holds its own jars alone, as the build assembles it, and the packaged jar as all that
 * an application brings. Nothing it started outlives {@link #close}, or the tests' own process.
 */
final class BareSpark implements AutoCloseable {
  static final Path HOME = Path.of("target/spark-embedded").toAbsolutePath();
  private static final Path JAR = Path.of("target/diffusion-prior.jar").toAbsolutePath();

  /** Where the jar's native libraries are unpacked; each test run would leave its own at home. */
  private static final String NATIVE =
      "-Dorg.bytedeco.javacpp.cachedir=" + Path.of("target/native").toAbsolutePath();

  private static final List<String> SETTINGS =
      List.of(
          "spark.ui.enabled=false",
          "spark.executorEnv.SPARK_LOCAL_IP=127.0.0.1",
          "spark.driver.defaultJavaOptions=" + NATIVE,
          "spark.executor.defaultJavaOptions=" + NATIVE,
          "spark.executorEnv.JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1");

  private final Path folder;
  private final Map<String, String> environment;
  private final List<Process> started = new ArrayList<>();
  private final Thread lastly = new Thread(this::kill);

  /** Whose logs lie in a folder; the environment is added to the processes' own. */
  BareSpark(Path folder, Map<String, String> environment) {
    assertThat(JAR).as("made by mvn package").exists();
    assertThat(HOME.resolve("assembled")).as("made by src/main/shell/assemble-spark").exists();
    this.folder = folder;
    this.environment = environment;
    Runtime.getRuntime().addShutdownHook(lastly);
  }

  /** A job's process and what it printed. */
  record Started(Process process, Path file) {
    String log() throws IOException {
      return Files.readString(file);
    }

    int status() throws IOException, InterruptedException {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("ended; its log: %s", log()).isTrue();
      return process.exitValue();
    }

    void succeeds() throws IOException, InterruptedException {
      assertThat(status()).as("exit status; its log: %s", log()).isZero();
    }
  }

  /** Starts {@code spark-submit} with options of its own, then the job and its arguments. */
  Started submit(String name, List<String> options, String job, List<String> arguments)
      throws IOException {
    List<String> words = new ArrayList<>(options);
    SETTINGS.forEach(setting -> words.addAll(List.of("--conf", setting)));
    words.addAll(List.of("--class", job, JAR.toString()));
    words.addAll(arguments);
    return start(name, "spark-submit", words);
  }

  /** Starts a script of the Spark's bin folder. */
  Started start(String name, String script, List<String> arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(HOME.resolve("bin").resolve(script).toString()));
    words.addAll(arguments);
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .directory(folder.toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("SPARK_"));
    builder.environment().remove("CLASSPATH");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_LOCAL_HOSTNAME", "127.0.0.1");
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
    builder.environment().putAll(environment);
    Started job = new Started(builder.start(), log);
    started.add(job.process());
    return job;
  }

  static void until(BooleanSupplier reached, String what) throws InterruptedException {
    long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime() - patience).as("patience with %s", what).isNegative();
      TimeUnit.MILLISECONDS.sleep(40);
    }
  }

  private void kill() {
    started.stream()
        .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
        .toList()
        .forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    kill();
    started.forEach(process -> process.onExit().join());
    Runtime.getRuntime().removeShutdownHook(lastly);
  }
}
