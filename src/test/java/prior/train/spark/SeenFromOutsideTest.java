package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;

/** What an operator sees of a training job: its log, and the events Spark keeps of it. */
@Tag("spark")
class SeenFromOutsideTest {
  private static final String ROUND =
      "round=%d/6 step=%d epoch=\\d+ loss=\\d+\\.\\d{5} grad_norm=\\d+\\.\\d{3} lr=1\\.100e-04"
          + " rows_per_s=\\d+ round_s=\\d+\\.\\d\\d read_s=\\d+\\.\\d\\d train_s=\\d+\\.\\d\\d"
          + " serialise_s=\\d+\\.\\d\\d aggregate_s=\\d+\\.\\d\\d eta=\\d+m\\d\\ds";

  private static Path folder;

  /** One job of six rounds, of which all tests look at what it left. */
  @BeforeAll
  static void train(@TempDir Path temp) throws Exception {
    folder = temp;
    Path data = SmallRuns.pairs(LocalSpark.session(), temp, 200);
    Path events = Files.createDirectories(temp.resolve("events"));
    ProcessBuilder builder =
        new ProcessBuilder(command(data, events, temp.resolve("run")))
            .redirectOutput(temp.resolve("out").toFile())
            .redirectError(temp.resolve("log").toFile());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.start();
    assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("ended in time").isTrue();
    assertThat(process.exitValue()).as(Files.readString(temp.resolve("log"))).isZero();
  }

  private static List<String> command(Path data, Path events, Path run) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.matches("--add-opens.*|-XX:.*"))
        .forEach(command::add);
    command.add("-Xmx1g");
    command.add("-Dspark.master=local[2]");
    command.add("-Dspark.ui.enabled=false");
    command.add("-Dspark.driver.host=localhost");
    command.add("-Dspark.driver.bindAddress=127.0.0.1");
    command.add("-Dspark.eventLog.enabled=true");
    command.add("-Dspark.eventLog.dir=" + events.toUri());
    command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
    String classes = System.getProperty("java.class.path");
    command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", classes)));
    command.addAll(List.of("PriorTrainJob", "--run", run.toString()));
    SmallRuns.sets(data).forEach(set -> command.addAll(List.of("--set", set)));
    return command;
  }

  /** The event log; Spark names it {@code .inprogress} until the application has ended. */
  private static List<JsonNode> events() throws IOException {
    List<Path> logs;
    try (Stream<Path> files = Files.list(folder.resolve("events"))) {
      logs = files.filter(file -> !file.getFileName().toString().endsWith(".crc")).toList();
    }
    assertThat(logs).hasSize(1);
    assertThat(logs.get(0).toString()).doesNotEndWith(".inprogress");
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(logs.get(0))) {
      events.add(new ObjectMapper().readTree(line));
    }
    return events;
  }

  private static List<JsonNode> events(String name) throws IOException {
    return events().stream()
        .filter(event -> event.get("Event").asText().equals("SparkListener" + name))
        .toList();
  }

  @Test
  void theLogHasOneLineARoundAndNoProgressBar() throws IOException {
    String log = Files.readString(folder.resolve("log"));
    assertThat(log).doesNotContain("\r");
    List<String> rounds =
        log.lines().filter(line -> line.contains("round=")).map(SeenFromOutsideTest::text).toList();
    assertThat(rounds).hasSize(6);
    for (int round = 1; round <= 6; round++) {
      assertThat(rounds.get(round - 1)).matches(ROUND.formatted(round, 2 * round));
    }
    assertThat(Files.readString(folder.resolve("out"))).doesNotContain("\r");
  }

  private static String text(String logLine) {
    return logLine.substring(logLine.indexOf("round="));
  }

  @Test
  void theEventLogIsWholeAndItsJobsReadLikeTheLog() throws IOException {
    assertThat(events("ApplicationEnd")).hasSize(1);
    List<String> jobs = new ArrayList<>();
    for (JsonNode start : events("JobStart")) {
      jobs.add(start.get("Properties").path("spark.job.description").asText());
    }
    for (int round = 1; round <= 6; round++) {
      assertThat(jobs).contains("round %d of 6: averaging 2 workers".formatted(round));
    }
  }

  @Test
  void stagesShowRowsTrainedOnRowsSkippedAndStepsThatWereNotFinite() throws IOException {
    Map<String, Long> last = new TreeMap<>();
    for (JsonNode stage : events("StageCompleted")) {
      for (JsonNode sum : stage.get("Stage Info").get("Accumulables")) {
        last.merge(sum.get("Name").asText(), sum.get("Value").asLong(), Math::max);
      }
    }
    assertThat(last)
        .containsEntry("rows trained on", 6 * 2 * 2 * 8L)
        .containsEntry("rows skipped", 0L)
        .containsEntry("steps not finite", 0L);
  }
}
