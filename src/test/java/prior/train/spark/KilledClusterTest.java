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
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;

/**
 * PriorTrainJob as a process of its own, on a Spark whose two executors are processes too, killed
 * in the middle and started again.
 */
@Tag("cluster")
class KilledClusterTest {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  private static final List<String> SETTINGS =
      List.of("train.max_steps=60", "train.checkpoint_every_rounds=1");

  private static Path data;

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
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

  private Process start(Path run) throws IOException {
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
    command.add("-Dspark.driver.host=localhost");
    command.add("-Dspark.driver.bindAddress=127.0.0.1");
    command.add("-Dspark.executor.extraClassPath=" + CLASS_PATH);
    command.add("-Dspark.executor.extraJavaOptions=" + String.join(" ", opens));
    command.addAll(List.of("-cp", CLASS_PATH, "PriorTrainJob", "--run", run.toString()));
    for (String set : SmallRuns.sets(data)) {
      command.addAll(List.of("--set", set));
    }
    for (String set : SETTINGS) {
      command.addAll(List.of("--set", set));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(temp.resolve("log").toFile())
            .directory(temp.toFile());
    builder.environment().put("SPARK_HOME", sparkHome().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    return builder.start();
  }

  private void killAfterRound(Process process, Path run, int round) throws Exception {
    String reached = "round-%08d".formatted(round);
    Path pointer = run.resolve("LATEST");
    while (process.isAlive()
        && (!Files.exists(pointer) || Files.readString(pointer).strip().compareTo(reached) < 0)) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(process.isAlive()).as("job runs still; its log: %s", log()).isTrue();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  private String log() throws IOException {
    return Files.readString(temp.resolve("log"));
  }

  @Test
  void aJobKilledInTheMiddleAndStartedAgainEndsWithTheBytesOfAnUndisturbedOne() throws Exception {
    Path killed = temp.resolve("killed");
    killAfterRound(start(killed), killed, 3);
    Process again = start(killed);
    assertThat(again.waitFor(5, TimeUnit.MINUTES)).as("ended in time; log: %s", log()).isTrue();
    assertThat(again.exitValue()).as("exit status; log: %s", log()).isZero();

    Path undisturbed = temp.resolve("undisturbed");
    PriorTraining.run(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext()),
        SmallRuns.settings(data, SETTINGS.toArray(String[]::new)),
        undisturbed.toString(),
        RunFolder.Mode.ERRORIFEXISTS);
    assertThat(SmallRuns.bytes(killed.resolve("checkpoints/round-00000030")))
        .isEqualTo(SmallRuns.bytes(undisturbed.resolve("checkpoints/round-00000030")));
  }
}
