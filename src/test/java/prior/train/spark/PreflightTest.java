package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import prior.data.spark.LocalSpark;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

class PreflightTest {
  /** 100 million parameters with moving average on one thread: 2 GB a worker. */
  private static final Preflight NEEDS = Preflight.of(4, 100_000_000, 1, true);

  private static final String LIMITS =
      "-Dorg.bytedeco.javacpp.maxbytes=%s -Dorg.bytedeco.javacpp.maxphysicalbytes=%s";

  private static ClusterGives gives(
      String master, int slots, int each, String arrays, String process, String overhead) {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", master)
            .set("spark.executor.memory", "4g")
            .set("spark.executor.extraJavaOptions", LIMITS.formatted(arrays, process));
    if (!overhead.isEmpty()) {
      conf.set("spark.executor.memoryOverhead", overhead);
    }
    return ClusterGives.remote(slots, each, conf);
  }

  @ParameterizedTest
  @CsvSource({
    "spark://m:7077, 3, 1, 7g, 12g, 8g, set --num-executors 4 (standalone: --total-executor-cores)",
    "spark://m:7077, 3, 1, 7g, 12g, 8g, or spark.workers = 3",
    "yarn, 2, 2, 7g, 12g, 8g, set --num-executors 2",
    "yarn, 0, 1, 7g, 12g, 8g, or spark.workers = 1",
    "yarn, 4, 1, 1g, 12g, 8g, -Dorg.bytedeco.javacpp.maxbytes=2g",
    "yarn, 4, 4, 7g, 12g, 8g, -Dorg.bytedeco.javacpp.maxbytes=8g",
    "yarn, 4, 1, 7g, 5g, 8g, -Dorg.bytedeco.javacpp.maxphysicalbytes=6g",
    "yarn, 4, 2, 0, 6g, 8g, -Dorg.bytedeco.javacpp.maxphysicalbytes=8g",
    "yarn, 4, 1, 7g, 12g, 1g, --conf spark.executor.memoryOverhead=2g",
    "yarn, 4, 1, 7g, 12g, '', --conf spark.executor.memoryOverhead=2g",
    "k8s://https://m, 4, 2, 7g, 12g, 3g, --conf spark.executor.memoryOverhead=4g"
  })
  void theOptionToSetIsNamedWithItsValue(
      String master, int slots, int each, String arrays, String process, String over, String set) {
    ClusterGives gives = gives(master, slots, each, arrays, process, over);
    assertThatThrownBy(() -> NEEDS.check(gives))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.RESOURCES))
        .hasMessageStartingWith("Cannot train with 4 workers: expected")
        .hasMessageContaining(set);
  }

  @ParameterizedTest
  @CsvSource({
    "yarn, 4, 1, 2g, 6g, 2g",
    "yarn, 4, 1, 2g, 6g, 2048",
    "yarn, 8, 1, 0, 0, 2g",
    "yarn, 9, 9, 8g, 12g, 8g",
    "spark://m:7077, 4, 1, 7g, 12g, 1m"
  })
  void whatIsEnoughPasses(
      String master, int slots, int each, String arrays, String process, String overhead) {
    ClusterGives gives = gives(master, slots, each, arrays, process, overhead);
    assertThatCode(() -> NEEDS.check(gives)).doesNotThrowAnyException();
  }

  @Test
  void allProblemsAreToldAtOnce() {
    ClusterGives gives = gives("yarn", 1, 1, "1g", "5g", "1g");
    assertThatThrownBy(() -> NEEDS.check(gives))
        .hasMessageContainingAll("--num-executors 4", "maxbytes=2g", "maxphysicalbytes=6g", "=2g");
  }

  @Test
  void workersMayTakeTurnsInOneProcess() throws InterruptedException {
    ClusterGives gives = ClusterGives.of(LocalSpark.session().sparkContext(), 1000);
    assertThat(gives.local()).isTrue();
    assertThat(gives.slots()).isPositive().isLessThan(1000);
    assertThatCode(() -> Preflight.of(1000, 10, 1, true).check(gives)).doesNotThrowAnyException();
  }
}
