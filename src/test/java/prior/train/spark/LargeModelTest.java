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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;

/**
 * 193 million parameters: with moments a state of 2.3 GB, which no array of bytes holds. A process
 * of its own with a heap of 9 GB, for driver and both workers; their networks take 7 GB beside it.
 */
@Tag("slow")
class LargeModelTest {
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx9g",
          "-Dorg.bytedeco.javacpp.maxbytes=9g",
          "-Dorg.bytedeco.javacpp.maxphysicalbytes=19g",
          "-Dspark.master=local[2]",
          "-Dspark.ui.enabled=false",
          "-Dspark.driver.host=localhost",
          "-Dspark.driver.bindAddress=127.0.0.1",
          "-Dspark.shuffle.compress=false",
          "-Dspark.broadcast.compress=false");
  private static final List<String> SETTINGS =
      List.of(
          "prior.net.dim=1024",
          "prior.net.depth=13",
          "prior.net.heads=16",
          "prior.net.dim_head=64",
          "data.batch_size=2",
          "train.use_ema=false",
          "spark.averaging_frequency=1");

  private static Path data;

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 100, 1024);
  }

  /** Trains up to a step in another process and returns what it printed. */
  private String train(Path run, String maxResultSize, int steps) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-XX:"))
        .forEach(command::add);
    command.addAll(OPTIONS);
    command.add("-Dspark.local.dir=" + temp);
    command.add("-Dspark.driver.maxResultSize=" + maxResultSize);
    command.addAll(List.of("-cp", classPath(), "PriorTrainJob", "--run", run.toString()));
    List<String> sets = new ArrayList<>(SmallRuns.sets(data));
    sets.addAll(SETTINGS);
    sets.add("train.max_steps=" + steps);
    sets.forEach(set -> command.addAll(List.of("--set", set)));
    File log = temp.resolve("log").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    assertThat(process.waitFor(20, TimeUnit.MINUTES)).as("ended in time").isTrue();
    return Files.readString(log.toPath());
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static String latest(Path run) throws IOException {
    return Files.readString(run.resolve("LATEST")).strip();
  }

  @Test
  void trainsTwoRoundsAndGoesOnFromItsCheckpoint() throws Exception {
    Path run = temp.resolve("run");
    String log = train(run, "4g", 2);
    assertThat(log).contains("193,").contains("trained 2 rounds");
    assertThat(latest(run)).as(log).isEqualTo("round-00000002");
    log = train(run, "4g", 3);
    assertThat(latest(run)).as(log).isEqualTo("round-00000003");
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(3);
  }

  @Test
  void tooSmallALimitOnResultsEndsItBeforeTheFirstRoundAndNamesTheOption() throws Exception {
    Path run = temp.resolve("refused");
    assertThat(train(run, "1g", 2)).contains("set --conf spark.driver.maxResultSize=3g");
    assertThat(run.resolve("config.conf")).doesNotExist();
  }
}
