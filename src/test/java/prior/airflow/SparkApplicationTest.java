package prior.airflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prior.cluster.SparkApplicationSchema;

/**
 * The SparkApplications as the Kubernetes DAG renders them, against the Spark operator's schema.
 */
class SparkApplicationTest {
  private static JsonNode submit;
  private static JsonNode kubernetes;

  @BeforeAll
  static void render() throws Exception {
    Dag.assumePython();
    submit = Dag.SUBMIT.tasks(Dag.context("2026-01-05", "s3a://bucket/prior"));
    kubernetes = Dag.KUBERNETES.tasks(Dag.context("2026-01-05", "s3a://bucket/prior"));
  }

  private static JsonNode application(String job) throws IOException {
    return SparkApplicationSchema.yaml(
        kubernetes.at("/" + job + "/given/application_file").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "train", "evaluate", "infer"})
  void hasWhatTheSchemaRequiresAndNothingItHasNot(String job) throws Exception {
    JsonNode application = application(job);
    assertThat(SparkApplicationSchema.problems(application)).isEmpty();
    assertThat(application.get("apiVersion").asText()).isEqualTo("sparkoperator.k8s.io/v1beta2");
    assertThat(application.get("kind").asText()).isEqualTo("SparkApplication");
    assertThat(application.at("/metadata/name").asText()).matches("[a-z0-9]([-a-z0-9]{0,61})");
    JsonNode spec = application.get("spec");
    assertThat(spec.get("mode").asText()).isEqualTo("cluster");
    assertThat(spec.at("/restartPolicy/type").asText()).isEqualTo("Never");
    assertThat(spec.get("mainApplicationFile").asText()).startsWith("local:///");
    assertThat(spec.get("sparkVersion").asText())
        .isEqualTo(org.apache.spark.package$.MODULE$.SPARK_VERSION());
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepare", "train", "evaluate", "infer"})
  void itsPodsHaveMemoryOutsideTheHeapAndAnAccount(String job) throws Exception {
    JsonNode spec = application(job).get("spec");
    JsonNode driver = spec.get("driver");
    JsonNode executor = spec.get("executor");
    for (JsonNode pod : List.of(driver, executor)) {
      assertThat(pod.get("serviceAccount").asText()).as("both read the storage").isEqualTo("prior");
      assertThat(pod.get("memory").asText()).matches("\\d+[mg]");
      assertThat(pod.get("memoryOverhead").asText()).matches("\\d+[mg]");
    }
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
