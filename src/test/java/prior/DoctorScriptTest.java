package prior;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.SubmitProject.Ended;
import prior.fault.ExitStatus;

/** What {@code ./submit.sh doctor} says where Java cannot be asked. */
class DoctorScriptTest {
  @TempDir private Path temp;
  private SubmitProject project;

  @BeforeEach
  void makeAProject() throws IOException {
    project = SubmitProject.in(temp);
    java("openjdk version \"17.0.15\" 2025-04-15");
  }

  /** Puts a java under temp that says no more than its version. */
  private void java(String version) throws IOException {
    project.script("jdk/bin/java", "echo '%s' >&2\n".formatted(version));
  }

  private Ended doctor(String javaHome, String sparkHome) throws Exception {
    return project.bash(
        "./submit.sh doctor out",
        Map.of(
            "JAVA_HOME", temp.resolve(javaHome).toString(),
            "SPARK_HOME", temp.resolve(sparkHome).toString()));
  }

  @Test
  void withJavaAndSparkInPlaceTheJobIsAskedWithTheFolders() throws Exception {
    Ended ended = doctor("jdk", "spark");
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains("<--class><PriorDoctor>")
        .contains("diffusion-prior.jar><out>")
        .doesNotContain("fix:");
  }

  @Test
  void aJavaThatIsNotThereIsNamedWithTheFix() throws Exception {
    Ended ended = doctor("nowhere", "spark");
    assertThat(ended.status()).isEqualTo(ExitStatus.USAGE.code());
    assertThat(ended.output())
        .isEqualTo(
            "java     fix: expected Java 17, found none as %s; set JAVA_HOME to a JDK 17\n"
                .formatted(temp.resolve("nowhere/bin/java")));
  }

  @Test
  void anOldJavaIsNamedWithItsVersion() throws Exception {
    java("openjdk version \"11.0.2\" 2019-01-15");
    Ended ended = doctor("jdk", "spark");
    assertThat(ended.status()).isEqualTo(ExitStatus.USAGE.code());
    assertThat(ended.output()).contains("expected Java 17, found openjdk version \"11.0.2\"");
  }

  @Test
  void aSparkThatIsNotThereIsNamedBesideTheJava() throws Exception {
    Ended ended = doctor("nowhere", "no-spark");
    assertThat(ended.status()).isEqualTo(ExitStatus.USAGE.code());
    assertThat(ended.output().lines()).hasSize(2);
    assertThat(ended.output())
        .contains("java     fix: ")
        .contains("spark    fix: expected bin/spark-submit in SPARK_HOME, found none in ")
        .contains("unset it to have Spark assembled");
  }

  @Test
  void aMachineWithoutMavenIsToldSoWhereTheJarHasToBeBuilt() throws Exception {
    Files.delete(project.folder().resolve("target/diffusion-prior.jar"));
    String line =
        "mkdir bin; for tool in bash dirname grep; do ln -s \"$(command -v $tool)\" bin/; done;"
            + " PATH=$PWD/bin ./submit.sh doctor";
    Ended ended = project.bash(line, Map.of("JAVA_HOME", temp.resolve("jdk").toString()));
    assertThat(ended.status()).isEqualTo(ExitStatus.USAGE.code());
    assertThat(ended.output()).contains("maven    fix: expected mvn on the PATH");
  }
}
