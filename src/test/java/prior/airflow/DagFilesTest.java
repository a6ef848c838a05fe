package prior.airflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The DAG files as Airflow would import and render them, and their steps in Python. */
class DagFilesTest {
  private static final String DATE = "2026-01-05";
  private static final String REPORT =
      """
      {"rows": 5000, "cosine_predicted_image": 0.7, "recall_at_10": %s,
       "cosine_predicted_unrelated_text": %s}
      """;

  @TempDir private Path temp;

  @BeforeAll
  static void pythonIsThere() {
    Dag.assumePython();
  }

  private ObjectNode context() {
    return Dag.context(DATE, temp.toString());
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(one -> strings.add(one.asText()));
    return strings;
  }

  @Test
  void bothDagsRunTheSameStepsInTheSameOrder() throws Exception {
    for (Dag dag : List.of(Dag.SUBMIT, Dag.KUBERNETES)) {
      Map<String, List<String>> before = new TreeMap<>();
      dag.tasks(context())
          .fields()
          .forEachRemaining(
              task -> before.put(task.getKey(), strings(task.getValue().get("upstream"))));
      assertThat(before)
          .as(dag.file())
          .isEqualTo(
              new TreeMap<>(
                  Map.of(
                      "prepare", List.of(),
                      "train", List.of("prepare"),
                      "evaluate", List.of("train"),
                      "verdict", List.of("evaluate"),
                      "infer", List.of("verdict"),
                      "reject", List.of("verdict"),
                      "publish", List.of("infer"))));
    }
  }

  @Test
  void everyTaskHasAPoolAndATimeLimitAndEveryJobRetries() throws Exception {
    for (Dag dag : List.of(Dag.SUBMIT, Dag.KUBERNETES)) {
      assertThat(dag.arguments(context()).get("max_active_runs").asInt()).isOne();
      JsonNode tasks = dag.tasks(context());
      tasks.forEach(
          task -> {
            assertThat(task.at("/given/pool").asText()).as("%s", task).isEqualTo("prior");
            assertThat(task.at("/given/execution_timeout").asDouble()).as("%s", task).isPositive();
          });
      for (String job : List.of("prepare", "train", "evaluate", "infer")) {
        JsonNode given = tasks.at("/" + job + "/given");
        assertThat(given.get("execution_timeout").asDouble()).as(job).isGreaterThan(3600);
        assertThat(given.get("retries").asInt()).as(job).isPositive();
        assertThat(given.get("retry_delay").asDouble()).as("past a lease").isGreaterThan(40);
      }
      assertThat(tasks.at("/reject/given/retries").asInt()).as("no use in trying").isZero();
    }
  }

  @Test
  void everyModeCanBeTriedAgainAndEveryOutputIsOfItsDate() throws Exception {
    JsonNode tasks = Dag.SUBMIT.tasks(context());
    for (String job : List.of("prepare", "train", "evaluate", "infer")) {
      List<String> arguments = strings(tasks.at("/" + job + "/given/application_args"));
      assertThat(arguments.get(arguments.indexOf("--mode") + 1)).isIn("resume", "overwrite");
      assertThat(String.join(" ", arguments)).contains("ds=" + DATE);
      assertThat(String.join(" ", arguments))
          .doesNotContainPattern("(?i)secret|password|token|access.key|credential");
    }
  }

  @Test
  void theJobsTakeTheArgumentsOfTheirTasks() throws Exception {
    JsonNode tasks = Dag.SUBMIT.tasks(context());
    for (String job : List.of("prepare", "train", "evaluate", "infer")) {
      JsonNode given = tasks.at("/" + job + "/given");
      Object body =
          Class.forName(given.get("java_class").asText()).getDeclaredConstructor().newInstance();
      List<String> arguments = strings(given.get("application_args"));
      new CommandLine(body)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .parseArgs(arguments.toArray(String[]::new));
    }
  }

  @Test
  void theHooksCommandHasItsOptionsBeforeTheJarAndTheJobsAfter() throws Exception {
    JsonNode given = Dag.SUBMIT.tasks(context()).at("/train/given");
    SubmitCommand command = SubmitCommand.of(given, "yarn");
    assertThat(command.words())
        .startsWith("spark-submit", "--master", "yarn", "--conf", "spark.executor.instances=2")
        .containsSequence("--name", "prior-train-" + DATE, "--class", "PriorTrainJob")
        .containsSequence("/opt/prior/diffusion-prior.jar", "--config")
        .doesNotContain("--files", "")
        .endsWith("--run", temp + "/runs/ds=" + DATE, "--mode", "resume");
    assertThat(command.environment()).containsEntry("OMP_NUM_THREADS", "1");
  }

  private Dag.Answer call(String task, String recall, String unrelated) throws Exception {
    Path folder = Files.createDirectories(temp.resolve("evaluation/ds=" + DATE));
    Files.writeString(folder.resolve("evaluation.json"), REPORT.formatted(recall, unrelated));
    return Dag.SUBMIT.call(context(), task);
  }

  @Test
  void aGoodModelGoesOnToInferenceAndAnyOtherIsRejected() throws Exception {
    assertThat(call("verdict", "0.2", "0.1").json().asText()).isEqualTo("infer");
    assertThat(call("verdict", "0.05", "0.3").json().asText()).as("bounds").isEqualTo("infer");
    assertThat(call("verdict", "0.04", "0.1").json().asText()).isEqualTo("reject");
    assertThat(call("verdict", "0.2", "0.4").json().asText()).isEqualTo("reject");
    assertThat(call("verdict", "NaN", "0.1").json().asText()).isEqualTo("reject");
    assertThat(call("verdict", "null", "0.1").json().asText()).isEqualTo("reject");
  }

  @Test
  void theParametersOfTheRunSayWhatIsGood() throws Exception {
    call("verdict", "0.2", "0.1");
    ObjectNode strict = context();
    strict.putObject("params").putObject("at_least").put("recall_at_10", 0.9);
    assertThat(Dag.SUBMIT.call(strict, "verdict").json().asText()).isEqualTo("reject");
    strict.withObject("/params").putObject("at_least").put("no_such_measure", 0);
    assertThat(Dag.SUBMIT.call(strict, "verdict").json().asText()).isEqualTo("reject");
  }

  @Test
  void aRejectionsLastLineSaysWhatFellShortAndTheFix() throws Exception {
    Dag.Answer ended = call("reject", "0.01", "0.1");
    assertThat(ended.status()).isNotZero();
    assertThat(ended.lastLine())
        .contains("recall_at_10 = 0.01, expected at least 0.05", "; fix: train longer")
        .doesNotContain("unrelated");
  }

  private Path predicted(String date) throws Exception {
    Path folder = Files.createDirectories(temp.resolve("predicted/ds=" + date));
    Files.writeString(folder.resolve("_SUCCESS"), "");
    return folder;
  }

  @Test
  void onlyWholePredictionsArePublishedAndTwiceIsOnce() throws Exception {
    Path folder = predicted(DATE);
    Files.delete(folder.resolve("_SUCCESS"));
    Dag.Answer refused = Dag.SUBMIT.call(context(), "publish");
    assertThat(refused.status()).isNotZero();
    assertThat(refused.lastLine()).contains("expected _SUCCESS, found none; fix: run infer");
    assertThat(folder.resolve("_PUBLISHED")).doesNotExist();

    Files.writeString(folder.resolve("_SUCCESS"), "");
    for (int i = 0; i < 2; i++) {
      assertThat(Dag.SUBMIT.call(context(), "publish").json().asText()).isEqualTo(folder + "");
      assertThat(folder.resolve("_PUBLISHED")).hasContent("scheduled__" + DATE);
    }
  }

  @Test
  void readersGetTheLastDateThatIsPublished() throws Exception {
    predicted("2026-01-19");
    assertThat(Dag.current(temp.resolve("predicted")).lastLine()).contains("none is published");
    for (String date : List.of("2026-01-12", DATE)) {
      predicted(date);
      Dag.SUBMIT.call(Dag.context(date, temp.toString()), "publish").json();
    }
    assertThat(Dag.current(temp.resolve("predicted")).json().asText())
        .as("the later of two, though the earlier was published after it")
        .endsWith("ds=2026-01-12");
  }

  @Test
  void noSourceHoldsTextThatTheHookWouldTakeForItsOwn() throws Exception {
    for (Path root : List.of(Path.of("src/main/java"), Path.of("jobs"))) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          assertThat(HookReading.of(Files.readAllLines(file))).as(file.toString()).isEmpty();
        }
      }
    }
  }
}
