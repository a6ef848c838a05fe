package prior.airflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.dataformat.yaml.YAMLMapper;

/**
 * The SparkApplications as the Kubernetes DAG renders them, against what the Spark operator's
 * v1beta2 schema requires: required fields, types of fields, no field it has not (the API server
 * would drop it in silence).
 */
class SparkApplicationTest {
  private static final Set<String> SPEC =
      Set.of(
          "type",
          "mode",
          "sparkVersion",
          "image",
          "imagePullPolicy",
          "mainClass",
          "mainApplicationFile",
          "arguments",
          "restartPolicy",
          "sparkConf",
          "driver",
          "executor");
  private static final Set<String> POD =
      Set.of("cores", "memory", "memoryOverhead", "javaOptions", "serviceAccount", "env");

  private static JsonNode submit;
  private static JsonNode kubernetes;

  @BeforeAll
  static void render() throws Exception {
    Dag.assumePython();
    submit = Dag.SUBMIT.tasks(Dag.context("2026-01-05", "s3a://bucket/prior"));
    kubernetes = Dag.KUBERNETES.tasks(Dag.context("2026-01-05", "s3a://bucket/prior"));
  }

  /** Reads YAML, refusing a key that is there twice. */
  private static JsonNode application(String job) throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    yaml.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    String text = kubernetes.at("/" + job + "/given/application_file").asText();
    return Dag.JSON.readTree(yaml.readTree(text).toString());
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "train", "evaluate", "infer"})
  void hasWhatTheSchemaRequiresAndNothingItHasNot(String job) throws Exception {
    JsonNode application = application(job);
    assertThat(names(application))
        .containsExactlyInAnyOrder("apiVersion", "kind", "metadata", "spec");
    assertThat(application.get("apiVersion").asText()).isEqualTo("sparkoperator.k8s.io/v1beta2");
    assertThat(application.get("kind").asText()).isEqualTo("SparkApplication");
    assertThat(application.at("/metadata/name").asText()).matches("[a-z0-9]([-a-z0-9]{0,61})");
    JsonNode spec = application.get("spec");
    assertThat(names(spec)).containsExactlyInAnyOrderElementsOf(SPEC);
    assertThat(spec.get("type").asText()).isIn("Java", "Python", "Scala", "R");
    assertThat(spec.get("mode").asText()).isIn("cluster", "client");
    assertThat(spec.at("/restartPolicy/type").asText()).isEqualTo("Never");
    assertThat(spec.get("mainApplicationFile").asText()).startsWith("local:///");
    assertThat(spec.get("sparkVersion").asText())
        .isEqualTo(org.apache.spark.package$.MODULE$.SPARK_VERSION());
    assertThat(spec.get("sparkConf")).allMatch(JsonNode::isTextual);
    assertThat(spec.get("arguments")).allMatch(JsonNode::isTextual);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "train", "evaluate", "infer"})
  void itsPodsHaveWholeCoresAndMemoryOutsideTheHeap(String job) throws Exception {
    JsonNode spec = application(job).get("spec");
    JsonNode driver = spec.get("driver");
    JsonNode executor = spec.get("executor");
    assertThat(POD).containsAll(names(driver));
    assertThat(executor.get("instances").isInt()).isTrue();
    for (JsonNode pod : List.of(driver, executor)) {
      assertThat(pod.get("cores").isInt()).isTrue();
      assertThat(pod.get("memory").asText()).matches("\\d+[mg]");
      assertThat(pod.get("memoryOverhead").asText()).matches("\\d+[mg]");
    }
    assertThat(names(executor))
        .containsExactlyInAnyOrder("instances", "cores", "memory", "memoryOverhead", "javaOptions");
    driver.get("env").forEach(one -> assertThat(one.get("value").isTextual()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "train", "evaluate", "infer"})
  void runsTheSameJobWithTheSameArgumentsAsSparkSubmit(String job) throws Exception {
    JsonNode spec = application(job).get("spec");
    JsonNode given = submit.at("/" + job + "/given");
    assertThat(spec.get("mainClass")).isEqualTo(given.get("java_class"));
    assertThat(spec.get("arguments")).isEqualTo(given.get("application_args"));
    assertThat(spec.at("/executor/instances").asText())
        .isEqualTo(given.at("/conf/spark.executor.instances").asText());
    assertThat(spec.at("/sparkConf/spark.task.cpus")).isEqualTo(given.at("/conf/spark.task.cpus"));
  }
}
