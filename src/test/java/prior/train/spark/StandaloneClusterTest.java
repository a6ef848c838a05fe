package prior.train.spark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;

/** PriorTrainJob by spark-submit on a cluster of processes, some of which are killed. */
@Tag("cluster")
class StandaloneClusterTest {
  private static final int ROUNDS = 12;
  private static final List<String> SETTINGS =
      List.of(
          "spark.averaging_frequency=120",
          "train.max_steps=" + 120 * ROUNDS,
          "train.checkpoint_every_rounds=2");

  @TempDir private static Path shared;
  private static Path data;
  private static StandaloneCluster cluster;
  private static TreeMap<String, String> undisturbed;

  @TempDir private Path temp;

  @BeforeAll
  static void start() throws Exception {
    cluster = new StandaloneCluster(Files.createDirectories(shared.resolve("cluster")), 2);
    data = SmallRuns.pairs(LocalSpark.session(), shared, 200);
    Path local = shared.resolve("local");
    PriorTraining.run(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext()),
        SmallRuns.settings(data, SETTINGS.toArray(String[]::new)),
        local.toString(),
        RunFolder.Mode.ERRORIFEXISTS);
    undisturbed = last(local);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** SHA-256 of each file of the last checkpoint. */
  private static TreeMap<String, String> last(Path run) {
    TreeMap<String, String> files =
        SmallRuns.bytes(run.resolve("checkpoints/round-%08d".formatted(ROUNDS)));
    assertThat(files).containsKeys("model.safetensors", "ema.safetensors", "optimizer.safetensors");
    files.replaceAll((file, bytes) -> DigestUtils.sha256Hex(bytes.getBytes(ISO_8859_1)));
    return files;
  }

  private static StandaloneCluster.Job train(String name, Path run) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--run", run.toString()));
    List<String> sets = new ArrayList<>(SmallRuns.sets(data));
    sets.addAll(SETTINGS);
    sets.forEach(set -> arguments.addAll(List.of("--set", set)));
    return cluster.submit(name, "PriorTrainJob", List.of(), arguments);
  }

  private static int rounds(Path run) {
    try {
      Path metrics = run.resolve("metrics.jsonl");
      return Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The log from where a text is first; empty where it is not. */
  private static String after(String text, String log) {
    int at = log.indexOf(text);
    return at < 0 ? "" : log.substring(at);
  }

  @Test
  void trainingOnTwoExecutorsGivesTheBytesOfTrainingOnTwoThreads() throws Exception {
    StandaloneCluster.Job job = train("plain", temp);
    assertThat(job.status()).as("exit status; log: %s", job.log()).isZero();
    assertThat(job.log()).contains("Executor added: app-").contains("/1 on worker-");
    assertThat(last(temp)).isEqualTo(undisturbed);
  }

  @Test
  void anExecutorKilledInTheMiddleOfARoundChangesNothing() throws Exception {
    StandaloneCluster.Job job = train("robbed", temp);
    for (int round = 1; !job.log().contains("Lost task"); round++) {
      String done = "RoundLog: round=%d/".formatted(round);
      job.until(() -> after(done, job.log()).contains("Starting task 1.0"));
      cluster.executors().get(0).destroyForcibly();
      String lost = "DAGScheduler: Executor lost";
      job.until(() -> after(done, job.log()).contains(lost));
    }
    assertThat(job.status()).as("exit status; log: %s", job.log()).isZero();
    assertThat(rounds(temp)).isEqualTo(ROUNDS);
    assertThat(last(temp)).isEqualTo(undisturbed);
  }

  @Test
  void aDriverKilledAndStartedAgainEndsWithTheBytesOfOneThatWasNot() throws Exception {
    StandaloneCluster.Job killed = train("killed", temp);
    killed.until(() -> rounds(temp) >= 3);
    killed.kill();
    assertThat(temp.resolve("checkpoints/round-%08d".formatted(ROUNDS))).doesNotExist();
    StandaloneCluster.Job again = train("again", temp);
    assertThat(again.status()).as("exit status; log: %s", again.log()).isZero();
    assertThat(again.log()).containsPattern("[2-9] done");
    assertThat(rounds(temp)).isEqualTo(ROUNDS);
    assertThat(last(temp)).isEqualTo(undisturbed);
  }
}
