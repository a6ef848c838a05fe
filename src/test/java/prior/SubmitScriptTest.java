package prior;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What submit.sh hands to spark-submit, with a Spark that only writes down how it was called. */
class SubmitScriptTest {
  @TempDir private Path temp;

  private Path project;
  private Path spark;

  private record Ended(int status, String output) {}

  @BeforeEach
  void makeAProjectThatNeedsNoBuild() throws IOException {
    project = Files.createDirectories(temp.resolve("a project"));
    Files.copy(Path.of("submit.sh"), project.resolve("submit.sh"));
    for (String folder : List.of("conf", "src/main", "jobs", "target")) {
      Files.createDirectories(project.resolve(folder));
    }
    Files.copy(Path.of("conf/spark-defaults.conf"), project.resolve("conf/spark-defaults.conf"));
    Files.writeString(project.resolve("conf/reference.conf"), "");
    Files.writeString(project.resolve("pom.xml"), "");
    Files.writeString(project.resolve("target/diffusion-prior.jar"), "");
    spark = temp.resolve("spark");
    Path submit = Files.createDirectories(spark.resolve("bin")).resolve("spark-submit");
    Files.writeString(
        submit, "#!/usr/bin/env bash\nprintf '<%s>' \"$@\"\necho\nexit ${FAKE_STATUS:-0}\n");
    assertThat(submit.toFile().setExecutable(true)).isTrue();
  }

  private Ended submit(int status, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("bash", project.resolve("submit.sh").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_HOME", spark.toString());
    builder.environment().put("FAKE_STATUS", Integer.toString(status));
    builder.environment().remove("SPARK_CONF_DIR");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  @Test
  void optionsBeforeTheDashesGoToSparkAndThoseAfterToTheJob() throws Exception {
    Ended ended =
        submit(0, "train", "--num-executors", "4", "--", "--run", "a run", "--mode", "resume");
    assertThat(ended.status()).isZero();
    assertThat(ended.output())
        .contains("<--num-executors><4><--class><PriorTrainJob>")
        .contains("diffusion-prior.jar><--run><a run><--mode><resume>")
        .contains("<--master><local[*]>");
  }

  @Test
  void withoutDashesAJobsOwnOptionMakesAllOfThemTheJobs() throws Exception {
    Ended ended = submit(0, "eval", "--model", "RUN", "--input", "DATA", "--output", "EVAL");
    assertThat(ended.output())
        .contains("<PriorEvalJob>")
        .contains("diffusion-prior.jar><--model><RUN><--input><DATA><--output><EVAL>");
  }

  @Test
  void aMasterThatIsNamedIsTheOnlyOne() throws Exception {
    assertThat(submit(0, "infer", "--master", "yarn", "--", "--model", "R").output())
        .contains("<--master><yarn>")
        .doesNotContain("local");
  }

  @Test
  void theExitStatusIsTheJobs() throws Exception {
    assertThat(submit(3, "prepare", "--", "--input", "x").status()).isEqualTo(3);
  }

  @Test
  void aDryRunPrintsTheCommandAndRunsNothing() throws Exception {
    Ended ended = submit(7, "train", "--dry-run", "--", "--run", "r");
    assertThat(ended.status()).isZero();
    assertThat(ended.output())
        .contains("spark-submit", "--class PriorTrainJob")
        .doesNotContain("<");
  }

  @Test
  void aDryDemoShowsTheFourJobsInOrderAndMakesNoFolder() throws Exception {
    Ended ended = submit(0, "demo", "--dry-run", "--out", temp.resolve("demo").toString());
    assertThat(ended.output())
        .containsSubsequence("PriorPrepareJob", "PriorTrainJob", "PriorInferJob", "PriorEvalJob")
        .contains("report       " + temp.resolve("demo/run/report.html"));
    assertThat(temp.resolve("demo")).doesNotExist();
  }

  @Test
  void aDemoNeverWritesOverOtherFiles() throws Exception {
    Path home = Files.createDirectories(temp.resolve("home"));
    Files.writeString(home.resolve("thesis.txt"), "irreplaceable");
    Ended ended = submit(0, "demo", "--out", home.toString());
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.output()).contains("expected a new, empty or earlier demo's folder");
    assertThat(home.resolve("thesis.txt")).hasContent("irreplaceable");
  }

  @Test
  void anUnknownJobIsRefusedWithTheOnesThereAre() throws Exception {
    Ended ended = submit(0, "trian");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.output())
        .contains("expected prepare, train, infer, eval, model, bench or demo");
  }
}
