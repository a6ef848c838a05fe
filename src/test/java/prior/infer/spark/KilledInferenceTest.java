package prior.infer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.cli.ConfigOptions;
import prior.cli.ModelOptions;
import prior.data.spark.LocalSpark;
import prior.exchange.Exchanges;
import prior.exchange.Format;
import prior.train.spark.SmallRuns;

/**
 * PriorInferJob as a process of its own, on a Spark whose two executors are processes too: an
 * executor is killed, then the job, and it is started again with {@code --mode resume}.
 */
@Tag("cluster")
class KilledInferenceTest {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  private static final int ROWS = 1000;
  private static final int UNITS = 24;

  private final SparkSession spark = LocalSpark.session();
  private final List<Process> started = new ArrayList<>();
  private Path model;
  private Path texts;

  @TempDir private Path temp;

  @BeforeEach
  void prepare() {
    Path golden = Path.of("src/test/resources/reference/d2_06_no_text_encodings");
    model =
        Exchanges.imported(
            Format.DALLE2,
            Exchanges.dalle2(golden, temp.resolve("foreign")),
            temp.resolve("model"));
    Path data = SmallRuns.pairs(spark, temp, ROWS, 32).resolve("train");
    texts = temp.resolve("texts");
    spark
        .read()
        .parquet(data.toString())
        .repartition(UNITS)
        .sortWithinPartitions("key")
        .write()
        .parquet(texts.toString());
  }

  private Process start(Path output) throws IOException {
    List<String> opens =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:"))
            .toList();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(opens);
    command.add("-Xmx1g");
    command.add("-Dspark.master=local-cluster[2,1,1024]");
    command.add("-Dspark.ui.enabled=false");
    command.add("-Dspark.speculation=true");
    command.add("-Dspark.speculation.quantile=0.1");
    command.add("-Dspark.driver.host=localhost");
    command.add("-Dspark.driver.bindAddress=127.0.0.1");
    command.add("-Dspark.executor.extraClassPath=" + CLASS_PATH);
    command.add("-Dspark.executor.extraJavaOptions=" + String.join(" ", opens));
    command.addAll(List.of("-cp", CLASS_PATH, "PriorInferJob", "--model", model.toString()));
    command.addAll(List.of("--input", texts.toString(), "--output", output.toString()));
    command.addAll(List.of("--mode", "resume", "--set", "infer.steps=100"));
    command.addAll(List.of("--set", "infer.key=key"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(temp.resolve("log").toFile()))
            .directory(temp.toFile());
    builder.environment().put("SPARK_HOME", sparkHome().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    started.add(builder.start());
    return started.get(started.size() - 1);
  }

  /** A folder with jars/, which is all of a Spark distribution that executors are started from. */
  private Path sparkHome() throws IOException {
    Path jars = Files.createDirectories(temp.resolve("spark/jars"));
    for (String element : CLASS_PATH.split(File.pathSeparator)) {
      Path jar = Path.of(element);
      Path link = jars.resolve(jar.getFileName());
      if (element.endsWith(".jar") && !Files.exists(link)) {
        Files.createSymbolicLink(link, jar);
      }
    }
    return jars.getParent();
  }

  /** Units that are noted as done, by the lines of the journal. */
  private long done() throws IOException {
    long lines = 0;
    try (Stream<Path> files = Files.walk(temp)) {
      for (Path file : files.filter(f -> f.getParent().endsWith("done")).toList()) {
        if (file.toString().endsWith(".jsonl")) {
          lines += Files.readAllLines(file).size();
        }
      }
    }
    return lines;
  }

  private void waitUntilDone(Process process, int units) throws Exception {
    while (process.isAlive() && done() < units) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(process.isAlive()).as("job runs still; its log: %s", log()).isTrue();
  }

  /** Master and workers live in the job's own process: its children are executors. */
  private static ProcessHandle executor(Process process) {
    return process.children().findFirst().orElseThrow();
  }

  private static void kill(Process process) throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  @AfterEach
  void endWhatRunsStill() throws InterruptedException {
    for (Process process : started) {
      kill(process);
    }
  }

  private String log() throws IOException {
    return Files.readString(temp.resolve("log"));
  }

  @Test
  void anExecutorAndThenTheJobKilledAndResumedHasEveryRowOnceWithTheSameValues() throws Exception {
    Path killed = temp.resolve("killed");
    Process process = start(killed);
    waitUntilDone(process, 2);
    executor(process).destroyForcibly();
    waitUntilDone(process, (int) done() + 2);
    kill(process);
    assertThat(killed).doesNotExist();
    long before = done();
    assertThat(before).isBetween(4L, UNITS - 1L);

    Process again = start(killed);
    assertThat(again.waitFor(5, TimeUnit.MINUTES)).as("ended in time; log: %s", log()).isTrue();
    assertThat(again.exitValue()).as("exit status; log: %s", log()).isZero();
    assertThat(Files.readString(killed.resolve("_manifest.json")))
        .contains("\"resumed_units\" : " + before);

    Map<String, List<Float>> found = Inference.predicted(killed, "key");
    assertThat(found).hasSize((int) spark.read().parquet(texts.toString()).count());
    assertThat(found).isEqualTo(undisturbed());
  }

  private Map<String, List<Float>> undisturbed() {
    ModelOptions options =
        picocli.CommandLine.populateCommand(new ModelOptions(), "--model", model.toString());
    ConfigOptions config =
        picocli.CommandLine.populateCommand(
            new ConfigOptions(), "--set", "infer.steps=100", "--set", "infer.key=key");
    Path output = temp.resolve("undisturbed");
    Inference.run(options.load(spark, config), texts, output, WriteMode.ERRORIFEXISTS);
    return Inference.predicted(output, "key");
  }
}
