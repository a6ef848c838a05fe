package prior.airflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Spark as submit.sh assembles it, from the jars of the test's class path, with its spark-submit on
 * the PATH as Airflow's hook expects it. The application's jar holds this project's classes.
 */
final class EmbeddedSpark implements AutoCloseable {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  private final Path folder;
  private final List<Process> started = new ArrayList<>();

  EmbeddedSpark(Path folder) throws IOException {
    this.folder = folder;
    Path jars = Files.createDirectories(folder.resolve("spark/jars"));
    for (String element : CLASS_PATH.split(File.pathSeparator)) {
      Path link = jars.resolve(Path.of(element).getFileName());
      if (element.endsWith(".jar") && !Files.exists(link)) {
        Files.createSymbolicLink(link, Path.of(element));
      }
    }
    Path bin = Files.createDirectories(folder.resolve("spark/bin"));
    for (String script : List.of("spark-class", "spark-submit")) {
      Path copy = Files.copy(Path.of("src/main/shell", script), bin.resolve(script));
      assertThat(copy.toFile().setExecutable(true)).isTrue();
    }
    writeJar(Path.of("target/classes"), jar());
  }

  private static void writeJar(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> all = Files.walk(classes)) {
      for (Path one : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(one).toString()));
        Files.copy(one, out);
      }
    }
  }

  /** What {@code application} names. */
  Path jar() {
    return folder.resolve("prior.jar");
  }

  /** Settings of a small driver, over the project's own; of two lines of a key the later holds. */
  Path properties() throws IOException {
    String own = Files.readString(Path.of("conf/spark-defaults.conf"));
    String small =
        """

        spark.driver.memory 768m
        spark.ui.enabled false
        spark.driver.host 127.0.0.1
        spark.driver.bindAddress 127.0.0.1
        """;
    return Files.writeString(folder.resolve("spark-defaults.conf"), own + small);
  }

  /** Starts what the hook would start; output and errors go to one log, as the hook reads them. */
  Try start(String name, SubmitCommand command) throws IOException {
    Path log = folder.resolve(name + ".log");
    List<String> words = new ArrayList<>(command.words());
    words.set(0, folder.resolve("spark/bin").resolve(words.get(0)).toString());
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
    builder.environment().remove("SPARK_CONF_DIR");
    builder.environment().putAll(command.environment());
    started.add(builder.start());
    return new Try(started.get(started.size() - 1), log);
  }

  /** One try of a task. */
  record Try(Process process, Path file) {
    List<String> log() {
      try {
        return Files.readAllLines(file);
      } catch (IOException e) {
        return List.of("no log: " + e);
      }
    }

    int status() throws InterruptedException {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("ended; its log: %s", log()).isTrue();
      return process.exitValue();
    }

    void succeeds() throws InterruptedException {
      assertThat(status()).as("its log: %s", String.join("\n", log())).isZero();
    }

    /** SIGKILL once it has come so far, as the hook does when a task's time is up. */
    void killOnce(BooleanSupplier reached) throws InterruptedException {
      while (process.isAlive() && !reached.getAsBoolean()) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(process.isAlive()).as("alive; its log: %s", log()).isTrue();
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  public void close() {
    started.stream()
        .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
        .toList()
        .forEach(ProcessHandle::destroyForcibly);
  }
}
