package prior.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;

/** The packaged jar on Spark's own cluster manager, beside a Spark that holds nothing of ours. */
@Tag("cluster")
class StandaloneIT {
  private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");

  @TempDir private static Path folder;
  private static SmallRun local;
  private static BareSpark spark;
  private static String master;

  @BeforeAll
  static void start() throws Exception {
    local = SmallRun.in(folder);
    spark =
        new BareSpark(
            folder, Map.of("SPARK_DAEMON_MEMORY", "256m", "SPARK_WORKER_DIR", folder + "/work"));
    BareSpark.Started log = daemon("master.Master", "--port", "0", "--webui-port", "0");
    BareSpark.until(() -> master(log) != null, "the master");
    master = master(log);
    daemon("worker.Worker", "--cores", "2", "--memory", "1g", "--webui-port", "0", master);
  }

  private static BareSpark.Started daemon(String type, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("org.apache.spark.deploy." + type));
    words.addAll(List.of(options));
    return spark.start(type, "spark-class", words);
  }

  private static String master(BareSpark.Started process) {
    try {
      Matcher found = URL.matcher(process.log());
      return found.find() ? found.group(1) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.close();
    }
  }

  private void runs(String job, List<String> arguments) throws Exception {
    Path recipe = Path.of("conf/spark-standalone.conf").toAbsolutePath();
    List<String> options =
        List.of(
            "--master=" + master,
            "--properties-file=" + recipe,
            "--total-executor-cores=2",
            "--executor-cores=1",
            "--executor-memory=512m",
            "--driver-memory=768m");
    spark.submit(job, options, job, arguments).succeeds();
  }

  @Test
  void theSparkIsTheOneWeBuildAgainstAndHoldsNothingOfOurs() throws IOException {
    String core = "spark-core_2.12-%s.jar".formatted(LocalSpark.session().version());
    try (Stream<Path> jars = Files.list(BareSpark.HOME.resolve("jars"))) {
      assertThat(jars.map(jar -> jar.getFileName().toString()))
          .contains(core)
          .noneMatch(jar -> jar.matches("(deeplearning4j|nd4j|dl4j|javacpp|openblas|picocli).*"))
          .noneMatch(jar -> jar.matches("(config|mlflow|jna|hadoop-aws|diffusion)-.*"));
    }
  }

  @Test
  void twoExecutorsTrainAndPredictAsTwoThreadsDo() throws Exception {
    String run = folder.resolve("run-standalone").toString();
    String output = folder.resolve("predicted").toString();
    String data = local.data().toString();
    runs("PriorTrainJob", local.training(data, run));
    assertThat(SmallRun.model(run)).isEqualTo(local.model());
    runs("PriorInferJob", SmallRun.inference(data, run, output));
    assertThat(SmallRun.predictions(output)).isEqualTo(local.predictions());
  }
}
