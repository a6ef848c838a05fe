package prior.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code conf/kubernetes}: what can be known to be wrong without a cluster. */
class KubernetesFilesTest {
  private static final Path FOLDER = Path.of("conf/kubernetes");
  private static final String SPARK = org.apache.spark.package$.MODULE$.SPARK_VERSION();
  private static final String GPU = "nvidia.com/gpu";

  private static String text(String file) throws IOException {
    return Files.readString(FOLDER.resolve(file));
  }

  private static Properties settings(Path file) throws IOException {
    Properties settings = new Properties();
    settings.load(new StringReader(Files.readString(file)));
    return settings;
  }

  /** Its instructions, continued lines joined, comments left out. */
  private static List<String> instructions() throws IOException {
    return text("Dockerfile")
        .replaceAll("(?m)^\\s*#.*$", "")
        .replace("\\\n", " ")
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  private static List<String> arguments(String instruction) throws IOException {
    return instructions().stream()
        .filter(line -> line.startsWith(instruction + " "))
        .map(line -> line.substring(instruction.length() + 1).strip())
        .toList();
  }

  @Test
  void theImageIsBuiltOnTheSparkOfThePomByAFixedTag() throws IOException {
    assertThat(arguments("FROM")).containsExactly("${SPARK}");
    assertThat(arguments("ARG"))
        .containsExactly("SPARK=apache/spark:%s-scala2.12-java17-ubuntu".formatted(SPARK));
  }

  @Test
  void theImagesLastUserIsNotRoot() throws IOException {
    List<String> users = arguments("USER");
    assertThat(users.get(users.size() - 1))
        .as("a number, so that runAsNonRoot can tell")
        .isEqualTo("185");
    assertThat(instructions().get(instructions().size() - 1)).startsWith("USER ");
  }

  @Test
  void theImageHoldsFilesOfTheRepositoryAndOfTheBuildAlone() throws IOException {
    assertThat(arguments("ADD")).isEmpty();
    List<String> copied = new ArrayList<>();
    for (String copy : arguments("COPY")) {
      List<String> words = List.of(copy.replaceFirst("--chmod=\\d+ ", "").split("\\s+"));
      copied.addAll(words.subList(0, words.size() - 1));
    }
    assertThat(copied).contains("target/diffusion-prior.jar");
    copied.remove("target/diffusion-prior.jar");
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<finalName>diffusion-prior</finalName>");
    assertThat(copied).isNotEmpty().allMatch(file -> Files.isRegularFile(Path.of(file)));
    assertThat(text("Dockerfile.dockerignore").lines())
        .containsExactly("*", "!conf", "!target/diffusion-prior.jar");
  }

  private static JsonNode application() throws IOException {
    return SparkApplicationSchema.yaml(text("train-gpu.yaml"));
  }

  @Test
  void theApplicationIsOneOfTheOperatorsSchema() throws IOException {
    assertThat(SparkApplicationSchema.problems(application())).isEmpty();
    assertThat(application().at("/spec/sparkVersion").asText()).isEqualTo(SPARK);
  }

  @Test
  void theSchemaTellsWhatIsMissingMisspeltAndOfAnotherType() throws IOException {
    ObjectNode broken = (ObjectNode) application();
    ((ObjectNode) broken.get("spec")).remove("mainApplicationFile");
    ((ObjectNode) broken.at("/spec/executor")).put("memoryOverHead", "8g").put("cores", "4");
    ((ObjectNode) broken.at("/spec/restartPolicy")).put("type", "Sometimes");
    assertThat(SparkApplicationSchema.problems(broken))
        .hasSize(4)
        .anyMatch(problem -> problem.startsWith(".spec: expected mainApplicationFile"))
        .anyMatch(problem -> problem.startsWith(".spec.executor.memoryOverHead: the schema has no"))
        .anyMatch(problem -> problem.startsWith(".spec.executor.cores: expected integer"))
        .anyMatch(problem -> problem.startsWith(".spec.restartPolicy.type: expected one of"));
  }

  @Test
  void theApplicationsArgumentsAreTheJobs() throws Exception {
    List<String> arguments = new ArrayList<>();
    application().at("/spec/arguments").forEach(one -> arguments.add(one.asText()));
    Object job =
        Class.forName(application().at("/spec/mainClass").asText())
            .getDeclaredConstructor()
            .newInstance();
    new CommandLine(job)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(arguments.toArray(String[]::new));
    int workers = application().at("/spec/executor/instances").asInt();
    assertThat(arguments).contains("spark.workers=" + workers);
  }

  @Test
  void executorsWithGpusAreAskedForAsSparkWants() throws IOException {
    Properties gpu = settings(FOLDER.resolve("gpu.conf"));
    assertThat(application().at("/spec/sparkConf").properties())
        .filteredOn(one -> one.getKey().contains(".resource.gpu."))
        .allMatch(one -> one.getValue().asText().equals(gpu.getProperty(one.getKey())))
        .hasSize(4);
    Path template = Path.of(gpu.getProperty("spark.kubernetes.executor.podTemplateFile"));
    JsonNode pod = SparkApplicationSchema.yaml(Files.readString(template));
    assertThat(pod.get("kind").asText()).isEqualTo("Pod");
    assertThat(pod.at("/spec/containers/0/name").asText())
        .as("spark.kubernetes.executor.podTemplateContainerName's default is the first")
        .isEqualTo("spark-kubernetes-executor");
    assertThat(pod.at("/spec/tolerations"))
        .isEqualTo(application().at("/spec/executor/tolerations"));
    assertThat(pod.at("/spec/tolerations/0/key").asText()).isEqualTo(GPU);
    assertThat(pod.at("/spec/nodeSelector"))
        .isEqualTo(application().at("/spec/executor/nodeSelector"));
  }

  /** A pod is killed beyond memory plus overhead, so what ND4J is let take must be less. */
  @Test
  void whatNd4jIsLetTakeFitsIntoThePods() throws IOException {
    Properties all = settings(Path.of("conf/spark-defaults.conf"));
    all.putAll(settings(FOLDER.resolve("spark.conf")));
    for (String side : List.of("driver", "executor")) {
      long pod =
          bytes(all.getProperty("spark." + side + ".memory"))
              + bytes(all.getProperty("spark." + side + ".memoryOverhead"));
      String options = all.getProperty("spark." + side + ".extraJavaOptions");
      Matcher most = Pattern.compile("maxphysicalbytes=(\\S+)").matcher(options);
      assertThat(most.find()).isTrue();
      assertThat(bytes(most.group(1))).as(side).isLessThanOrEqualTo(pod);
    }
  }

  private static long bytes(String size) {
    return JavaUtils.byteStringAsBytes(size);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"conf/kubernetes/spark.conf", "conf/kubernetes/gpu.conf", "conf/s3a.conf"})
  void settingsAreSparksAndHoldNoSecret(String file) throws IOException {
    Properties settings = settings(Path.of(file));
    assertThat(settings.stringPropertyNames())
        .isNotEmpty()
        .allMatch(key -> key.startsWith("spark."))
        .noneMatch(key -> key.matches("(?i).*(secret|password|token|access\\.key).*"));
    SparkConf conf = new SparkConf(false);
    settings.stringPropertyNames().forEach(key -> conf.set(key, settings.getProperty(key).strip()));
    conf.validateSettings();
  }

  @Test
  void theDriversAccountMayStartExecutors() throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    for (String document : text("service-account.yaml").split("(?m)^---$")) {
      documents.add(SparkApplicationSchema.yaml(document));
    }
    assertThat(documents)
        .extracting(document -> document.get("kind").asText())
        .containsExactly("ServiceAccount", "Role", "RoleBinding");
    assertThat(documents)
        .allMatch(document -> document.at("/metadata/name").asText().equals("prior"));
    assertThat(documents.get(1).at("/rules/0/resources").toString()).contains("pods", "configmaps");
    assertThat(documents.get(1).at("/rules/0/verbs").toString())
        .contains("create", "watch", "delete");
    String account = documents.get(2).at("/subjects/0/name").asText();
    Properties spark = settings(FOLDER.resolve("spark.conf"));
    for (String side : List.of("driver", "executor")) {
      assertThat(spark.getProperty("spark.kubernetes.authenticate." + side + ".serviceAccountName"))
          .isEqualTo(account);
      assertThat(application().at("/spec/" + side + "/serviceAccount").asText()).isEqualTo(account);
    }
  }
}
