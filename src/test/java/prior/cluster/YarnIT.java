package prior.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar on YARN and HDFS, beside a Spark that holds nothing of ours. */
@Tag("cluster")
class YarnIT {
  /** The recipe, in containers that are small enough for a test. */
  private static final List<String> OPTIONS =
      List.of(
          "--master",
          "yarn",
          "--properties-file",
          Path.of("conf/spark-yarn.conf").toAbsolutePath().toString(),
          "--num-executors=2",
          "--executor-cores=1",
          "--executor-memory=512m",
          "--driver-memory=768m",
          "--conf=spark.executor.memoryOverhead=512",
          "--conf=spark.driver.memoryOverhead=512",
          "--conf=spark.yarn.maxAppAttempts=1",
          "--conf=spark.yarn.report.interval=200",
          "--conf=spark.yarn.scheduler.heartbeat.interval-ms=200",
          "--conf=spark.yarn.appMasterEnv.SPARK_LOCAL_IP=127.0.0.1",
          "--conf=spark.yarn.appMasterEnv.JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1",
          "--conf=spark.yarn.jars=local:" + BareSpark.HOME.resolve("jars/*"));

  @TempDir private static Path folder;
  private static SmallRun local;
  private static HadoopCluster hadoop;
  private static BareSpark spark;

  @BeforeAll
  static void start() throws IOException {
    local = SmallRun.in(folder);
    hadoop = new HadoopCluster(folder);
    spark = new BareSpark(folder, Map.of("HADOOP_CONF_DIR", hadoop.conf().toString()));
    hadoop.put(local.data(), "/data");
  }

  @AfterAll
  static void stop() throws IOException {
    if (spark != null) {
      spark.close();
    }
    if (hadoop != null) {
      hadoop.close();
    }
  }

  private BareSpark.Started submit(String name, String mode, String job, List<String> arguments)
      throws IOException {
    List<String> options = new ArrayList<>(OPTIONS);
    options.addAll(sameKernels());
    options.addAll(List.of("--deploy-mode", mode));
    return spark.submit(name, options, job, arguments);
  }

  /**
   * Containers inherit nothing; what OpenBLAS was told here it must be told there, for equal bits.
   */
  private static List<String> sameKernels() {
    return System.getenv().entrySet().stream()
        .filter(variable -> variable.getKey().startsWith("OPENBLAS_"))
        .flatMap(
            variable ->
                Stream.of("spark.executorEnv.", "spark.yarn.appMasterEnv.")
                    .map(
                        whose -> "--conf=" + whose + variable.getKey() + "=" + variable.getValue()))
        .toList();
  }

  private void trainsAsTwoThreadsDo(String mode) throws Exception {
    String run = hadoop.uri("/run-" + mode);
    submit("train-" + mode, mode, "PriorTrainJob", local.training(hadoop.uri("/data"), run))
        .succeeds();
    assertThat(SmallRun.model(run)).isEqualTo(local.model());
  }

  @Test
  void aDriverBesideTheClusterTrainsAsTwoThreadsDo() throws Exception {
    trainsAsTwoThreadsDo("client");
  }

  @Test
  void aDriverInAContainerTrainsAndPredictsAsTwoThreadsDo() throws Exception {
    trainsAsTwoThreadsDo("cluster");
    String output = hadoop.uri("/predicted");
    List<String> arguments =
        SmallRun.inference(hadoop.uri("/data"), hadoop.uri("/run-cluster"), output);
    submit("infer", "cluster", "PriorInferJob", arguments).succeeds();
    assertThat(SmallRun.predictions(output)).isEqualTo(local.predictions());
  }

  @Test
  void whatFailsInAContainerIsToldToWhoSubmittedIt() throws Exception {
    String missing = hadoop.uri("/missing");
    BareSpark.Started job =
        submit("failed", "cluster", "PriorInferJob", SmallRun.inference(missing, missing, missing));
    assertThat(job.status()).isEqualTo(1);
    assertThat(job.log())
        .containsPattern("diagnostics message: .*FAILED PriorInferJob: .*/missing.*; fix: ");
  }
}
