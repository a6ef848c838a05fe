package prior;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job loads before it has work: ND4J unpacks and links 400 MB of machine code. */
class StartUpTest {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @ParameterizedTest
  @ValueSource(
      strings = {"PriorPrepareJob", "PriorTrainJob", "PriorInferJob", "PriorEvalJob", "PriorBench"})
  void helpLoadsNoMathematics(String job) throws Exception {
    assertThat(loadedBy(job, "--help")).contains("picocli.CommandLine").noneMatch(this::isNd4j);
  }

  @Test
  void theConfigurationIsPrintedWithoutMathematics() throws Exception {
    String config = Path.of("conf/train-demo.conf").toString();
    assertThat(
            loadedBy(
                "PriorTrainJob",
                "--config",
                config,
                "--set",
                "data.train=DATA",
                "--run",
                "RUN",
                "--print-config"))
        .contains("com.typesafe.config.Config")
        .noneMatch(this::isNd4j);
  }

  private boolean isNd4j(String name) {
    return name.startsWith("org.nd4j.") || name.startsWith("org.bytedeco.");
  }

  /** The names of the classes that a process loads until it ends with status 0. */
  private static List<String> loadedBy(String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(JAVA, "-Xlog:class+load", "-XX:+UseSerialGC"));
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", CLASS_PATH));
    words.addAll(List.of(command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output.lines().reduce("", (a, b) -> b)).isZero();
    return output
        .lines()
        .filter(line -> line.contains("[class,load]"))
        .map(line -> line.substring(line.indexOf("[class,load]") + 12).strip().split(" ")[0])
        .toList();
  }
}
