package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;
import prior.fault.ExitStatus;

/** A standalone cluster of two workers that each say to have a GPU, and a jar without CUDA. */
@Tag("cluster")
class GpuExecutorsTest {
  private static final List<String> ASKED =
      List.of("spark.executor.resource.gpu.amount=1", "spark.task.resource.gpu.amount=1");

  @TempDir private static Path shared;
  private static Path data;
  private static StandaloneCluster cluster;

  @TempDir private Path run;

  @BeforeAll
  static void start() throws Exception {
    cluster = StandaloneCluster.withGpus(Files.createDirectories(shared.resolve("cluster")), 2);
    data = SmallRuns.pairs(LocalSpark.session(), shared, 100);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private StandaloneCluster.Job train(String device) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--run", run.toString()));
    List<String> sets = new ArrayList<>(SmallRuns.sets(data));
    sets.addAll(List.of("spark.device=" + device, "train.max_steps=2"));
    sets.forEach(set -> arguments.addAll(List.of("--set", set)));
    return cluster.submit(device, "PriorTrainJob", ASKED, arguments);
  }

  @Test
  void eachWorkerIsGivenItsOwnAndTheTableSaysWhyItIsNotUsed() throws Exception {
    StandaloneCluster.Job job = train("auto");
    assertThat(job.status()).as("exit status; log: %s", job.log()).isZero();
    assertThat(job.log()).containsPattern("worker 0: host \\S+, executor [01], cpu; no GPU: ");
    assertThat(job.log()).contains("(the task has gpu:0)", "(the task has gpu:1)");
  }

  @Test
  void aGpuThatWasAskedForAndCannotBeUsedEndsTheRunBeforeItsFolderIsWritten() throws Exception {
    StandaloneCluster.Job job = train("gpu");
    assertThat(job.status())
        .as("exit status; log: %s", job.log())
        .isEqualTo(ExitStatus.RESOURCES.code());
    assertThat(job.log()).contains("Cannot use a GPU on ", "build with -Dcuda");
    assertThat(run.resolve("config.conf")).doesNotExist();
  }
}
