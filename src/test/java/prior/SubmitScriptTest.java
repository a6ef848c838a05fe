package prior;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.SubmitProject.Ended;

/** What submit.sh hands to spark-submit, with a Spark that only writes down how it was called. */
class SubmitScriptTest {
  @TempDir private Path temp;

  private SubmitProject project;

  @BeforeEach
  void makeAProjectThatNeedsNoBuild() throws IOException {
    project = SubmitProject.in(temp);
  }

  private Ended submit(int status, String... arguments) throws IOException, InterruptedException {
    return project.submit(status, arguments);
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
        .contains("expected prepare, train, infer, eval, model, bench, demo or doctor");
  }
}
