package prior.airflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A DAG file, imported by Python against stand-ins of Airflow's classes that record arguments. */
record Dag(String file) {
  static final Dag SUBMIT = new Dag("prior_spark_submit.py");
  static final Dag KUBERNETES = new Dag("prior_spark_kubernetes.py");

  static final Path FOLDER = Path.of("jobs/airflow");
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Path RESOURCES = Path.of("src/test/resources/airflow");

  /** How a Python process ended; its errors are apart, as its answer is JSON. */
  record Answer(int status, String out, String err) {
    JsonNode json() throws IOException {
      assertThat(status).as(err).isZero();
      return JSON.readTree(out);
    }

    /** The last line it printed, which is what Airflow shows of a failed Python task. */
    String lastLine() {
      return err.strip().lines().reduce("", (before, line) -> line);
    }
  }

  /** Skips the test, aloud, where there is no Python. */
  static void assumePython() {
    boolean there;
    try {
      there = new ProcessBuilder("python3", "-c", "pass").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      there = false;
    }
    assumeTrue(there, "skipped: the DAGs are imported by python3, which this machine lacks");
  }

  /** The tasks by name, with their templated arguments rendered. */
  JsonNode tasks(JsonNode context) throws Exception {
    return record(context, "tasks").json().get("tasks");
  }

  /** The DAG's own arguments. */
  JsonNode arguments(JsonNode context) throws Exception {
    return record(context, "tasks").json().get("dag");
  }

  /** Runs a task that is Python. */
  Answer call(JsonNode context, String task) throws Exception {
    return record(context, "call", task);
  }

  /** What readers of predictions are told is current. */
  static Answer current(Path predictions) throws Exception {
    String program =
        "import json, sys; from prior_steps import current; print(json.dumps(current(sys.argv[1])))";
    return python("-c", program, predictions.toString());
  }

  private Answer record(JsonNode context, String... what) throws Exception {
    List<String> words = new ArrayList<>(List.of(RESOURCES.resolve("record.py").toString()));
    words.addAll(List.of(FOLDER.resolve(file).toString(), context.toString()));
    words.addAll(List.of(what));
    return python(words.toArray(String[]::new));
  }

  private static Answer python(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3"));
    command.addAll(List.of(words));
    File errors = File.createTempFile("airflow", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors);
      builder.environment().put("PYTHONPATH", RESOURCES.resolve("standins") + ":" + FOLDER);
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(process.waitFor(), out, Files.readString(errors.toPath()));
    } finally {
      Files.deleteIfExists(errors.toPath());
    }
  }

  /**
   * What Airflow knows when it renders a run of a date: the variable {@code prior} and defaults.
   */
  static ObjectNode context(String date, String root) {
    ObjectNode context = JSON.createObjectNode();
    context.put("ds", date).put("run_id", "scheduled__" + date);
    context
        .putObject("var")
        .putObject("prior")
        .put("jar", "/opt/prior/diffusion-prior.jar")
        .put("config", "/opt/prior/conf/train-base.conf")
        .put("properties", "/opt/prior/conf/spark-defaults.conf")
        .put("files", "")
        .put("pairs", root + "/inbox/pairs")
        .put("texts", root + "/inbox/texts")
        .put("root", root)
        .put("namespace", "ml")
        .put("image", "registry/prior:1");
    return context;
  }
}
