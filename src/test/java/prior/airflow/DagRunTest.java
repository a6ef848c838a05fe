package prior.airflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;
import prior.data.spark.SyntheticFolder;

/** The commands that Airflow's hook would build from the recorded operators, really run. */
@Tag("cluster")
class DagRunTest {
  private static final String DAY = "ds=2026-01-05";
  private static final int ROUNDS = 12;
  private static final int TAIL = 20;

  @TempDir private Path temp;
  private EmbeddedSpark spark;
  private ObjectNode context;
  private JsonNode tasks;

  @BeforeEach
  void installTheDag() throws Exception {
    Dag.assumePython();
    spark = new EmbeddedSpark(Files.createDirectories(temp.resolve("worker")));
    for (String inbox : List.of("pairs", "texts")) {
      String folder = temp.resolve("inbox").resolve(inbox).resolve(DAY).toString();
      SyntheticFolder.write(LocalSpark.session(), folder, true, 7, 16, 300, 1000);
    }
    context = Dag.context("2026-01-05", temp.toString());
    context
        .withObject("/var/prior")
        .put("jar", spark.jar().toString())
        .put("properties", spark.properties().toString())
        .put("config", Path.of("src/test/resources/airflow/train.conf").toAbsolutePath() + "");
    ObjectNode params = context.putObject("params").put("workers", 2).put("cores", 1);
    params.putObject("at_least").put("rows", 10).put("cosine_predicted_image", -1);
    params.putObject("at_most").put("cosine_predicted_unrelated_text", 1);
    tasks = Dag.SUBMIT.tasks(context);
  }

  @AfterEach
  void stop() {
    if (spark != null) {
      spark.close();
    }
  }

  private EmbeddedSpark.Try start(String task, String name) throws IOException {
    JsonNode given = tasks.at("/" + task + "/given");
    return spark.start(name, SubmitCommand.of(given, "local[2]"));
  }

  private EmbeddedSpark.Try run(String task) throws Exception {
    EmbeddedSpark.Try run = start(task, task);
    run.succeeds();
    assertThat(HookReading.of(ours(run.log()))).isEmpty();
    return run;
  }

  /** The lines that are not Spark's: with Spark's own logging, ours come from classes of prior. */
  private static List<String> ours(List<String> log) {
    return log.stream().filter(line -> !line.contains(" INFO ") || line.contains("prior")).toList();
  }

  private Path run() {
    return temp.resolve("runs").resolve(DAY);
  }

  private long rounds() {
    try (Stream<String> lines = Files.lines(run().resolve("metrics.jsonl"))) {
      return lines.count();
    } catch (IOException e) {
      return 0;
    }
  }

  /** SHA-256 of each file of the last checkpoint. */
  private TreeMap<String, String> model() throws IOException {
    TreeMap<String, String> hashes = new TreeMap<>();
    Path last = run().resolve("checkpoints/round-%08d".formatted(ROUNDS));
    try (Stream<Path> files = Files.list(last)) {
      for (Path file : files.toList()) {
        hashes.put(file.getFileName().toString(), DigestUtils.sha256Hex(Files.readAllBytes(file)));
      }
    }
    assertThat(hashes).containsKeys("model.safetensors", "ema.safetensors", "manifest.json");
    return hashes;
  }

  @Test
  void aDagWhoseTrainingIsKilledAndTriedAgainEndsWithTheModelOfAnUndisturbedOne() throws Exception {
    run("prepare");
    EmbeddedSpark.Try killed = start("train", "killed");
    killed.killOnce(() -> rounds() >= 3);
    assertThat(run().resolve("checkpoints/round-%08d".formatted(ROUNDS))).doesNotExist();
    assertThat(String.join("\n", run("train").log())).containsPattern("[2-9] done");
    TreeMap<String, String> disturbed = model();

    run("evaluate");
    assertThat(Dag.SUBMIT.call(context, "verdict").json().asText()).isEqualTo("infer");
    assertThat(Dag.SUBMIT.call(context, "publish").status()).as("before infer").isNotZero();
    run("infer");
    Path predicted = temp.resolve("predicted").resolve(DAY);
    String manifest = Files.readString(predicted.resolve("_manifest.json"));
    Dag.SUBMIT.call(context, "publish").json();
    run("infer");
    assertThat(predicted.resolve("_manifest.json")).as("tried once more").hasContent(manifest);
    assertThat(Dag.current(predicted.getParent()).json().asText()).isEqualTo(predicted + "");

    Files.move(run(), temp.resolve("disturbed"));
    run("train");
    assertThat(rounds()).isEqualTo(ROUNDS);
    assertThat(model()).isEqualTo(disturbed);
  }

  @Test
  void aFailureIsToldInTheLinesThatTheHookShows() throws Exception {
    EmbeddedSpark.Try failed = start("infer", "failed");
    assertThat(failed.status()).isNotZero();
    List<String> log = failed.log();
    assertThat(log.subList(Math.max(0, log.size() - TAIL), log.size()))
        .anyMatch(line -> line.matches("FAILED PriorInferJob: .*" + run() + ".*; fix: .*"));
    assertThat(HookReading.of(ours(log))).isEmpty();
  }
}
