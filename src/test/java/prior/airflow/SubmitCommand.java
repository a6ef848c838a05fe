package prior.airflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The command and environment that Airflow's SparkSubmitHook makes of an operator's arguments
 * (apache-airflow-providers-apache-spark 6.3): master, settings, files and sizes, name, class,
 * queue, deploy mode, application, its arguments. What the DAGs do not use is left out.
 *
 * @param words of the command; the first is found on the PATH
 * @param environment over that of the Airflow worker
 */
record SubmitCommand(List<String> words, Map<String, String> environment) {

  /** For a connection whose host is the master, in client mode, as is the default. */
  static SubmitCommand of(JsonNode given, String master) {
    List<String> words = new ArrayList<>(List.of("spark-submit", "--master", master));
    given
        .get("conf")
        .fields()
        .forEachRemaining(
            setting ->
                words.addAll(
                    List.of("--conf", setting.getKey() + "=" + setting.getValue().asText())));
    option(words, "--properties-file", given.get("properties_file"));
    option(words, "--files", given.get("files"));
    option(words, "--name", given.get("name"));
    option(words, "--class", given.get("java_class"));
    words.add(given.get("application").asText());
    given.get("application_args").forEach(argument -> words.add(argument.asText()));
    Map<String, String> environment = new HashMap<>();
    given
        .get("env_vars")
        .fields()
        .forEachRemaining(e -> environment.put(e.getKey(), e.getValue().asText()));
    return new SubmitCommand(words, environment);
  }

  /** An argument that is missing or empty gives no option. */
  private static void option(List<String> words, String name, JsonNode value) {
    if (value != null && !value.asText().isEmpty()) {
      words.addAll(List.of(name, value.asText()));
    }
  }
}
