package prior.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JobRunnerTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private int run(JobRunner.Body body) {
    return JobRunner.run("SomeJob", body, new PrintStream(bytes, true, StandardCharsets.UTF_8))
        .map(failure -> failure.status().code())
        .orElse(0);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void successSaysNothingAndIsZero() {
    assertThat(run(() -> {})).isZero();
    assertThat(printed()).isEmpty();
  }

  @Test
  void aUserFaultIsOneLineWithoutATrace() {
    int status =
        run(
            () -> {
              throw UserFault.data("Cannot read part-1: expected 3, found 2");
            });
    assertThat(status).isEqualTo(ExitStatus.DATA.code());
    assertThat(printed())
        .startsWith("FAILED SomeJob: Cannot read part-1: expected 3, found 2; fix: ")
        .hasLineCount(1);
  }

  @Test
  void aUserFaultThatSparkWrappedKeepsItsStatus() {
    int status =
        run(
            () -> {
              throw new IllegalStateException("Job aborted", UserFault.diverged("NaN"));
            });
    assertThat(status).isEqualTo(ExitStatus.DIVERGED.code());
    assertThat(printed()).contains("FAILED SomeJob: NaN").doesNotContain("\tat ");
  }

  @Test
  void anythingElseIsOurFaultAndShowsWhere() {
    assertThat(
            run(
                () -> {
                  throw new NullPointerException("oops");
                }))
        .isEqualTo(1);
    assertThat(printed()).contains("\tat ").contains("FAILED SomeJob: ").contains("oops");
  }

  @Test
  void theLastLineNeverLooksLikeAContainersExit() {
    for (ExitStatus ignored : ExitStatus.values()) {
      run(
          () -> {
            throw UserFault.storage("gone", null);
          });
    }
    assertThat(printed().toLowerCase(java.util.Locale.ROOT)).doesNotContain("exit code:");
  }

  @Test
  void inAContainerOfYarnTheLastLineIsThrownToWhoeverSubmittedTheJob() {
    System.setProperty("spark.master", "yarn");
    System.setProperty("spark.submit.deployMode", "cluster");
    try {
      assertThatThrownBy(
              () ->
                  JobRunner.main(
                      "SomeJob",
                      () -> {
                        throw UserFault.data("Cannot read part-1");
                      }))
          .hasToString(
              "FAILED SomeJob: Cannot read part-1; fix: correct or leave out the data named");
    } finally {
      System.clearProperty("spark.master");
      System.clearProperty("spark.submit.deployMode");
    }
  }
}
