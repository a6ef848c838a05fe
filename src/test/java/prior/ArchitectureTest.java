package prior;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One way through the packages, and who may know which library. */
@AnalyzeClasses(packages = "prior", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest static final ArchRule FAULT_KNOWS_NOBODY = only("prior.fault", "java..", "prior.fault");

  @ArchTest
  static final ArchRule PROGRESS_IS_PLAIN_JAVA = only("prior.progress", "java..", "prior.progress");

  @ArchTest
  static final ArchRule CONF_KNOWS_FAULTS_AND_ITS_PARSER =
      only("prior.conf", "java..", "prior.conf", "prior.fault", "com.typesafe.config..");

  @ArchTest
  static final ArchRule DATA_IS_PLAIN_JAVA =
      only("prior.data", "java..", "prior.data", "prior.fault");

  @ArchTest
  static final ArchRule DIFFUSION_KNOWS_NO_NETWORK =
      only(
          "prior.diffusion",
          "java..",
          "prior.diffusion",
          "prior.conf",
          "prior.fault",
          "org.nd4j..");

  @ArchTest
  static final ArchRule MODEL_KNOWS_DEEPLEARNING4J_AND_DIFFUSION =
      only(
          "prior.model",
          "java..",
          "prior.model",
          "prior.diffusion",
          "prior.data",
          "prior.conf",
          "prior.fault",
          "org.nd4j..",
          "org.deeplearning4j..");

  @ArchTest
  static final ArchRule TRAIN_IS_ONE_WORKER =
      only(
          "prior.train",
          "java..",
          "prior.train",
          "prior.model",
          "prior.diffusion",
          "prior.data",
          "prior.conf",
          "prior.fault",
          "org.nd4j..");

  @ArchTest
  static final ArchRule INFER_IS_ONE_WORKER =
      only(
          "prior.infer",
          "java..",
          "prior.infer",
          "prior.checkpoint",
          "prior.model",
          "prior.diffusion",
          "prior.data",
          "prior.conf",
          "prior.fault",
          "org.nd4j..");

  @ArchTest
  static final ArchRule NOBODY_KNOWS_THE_BENCH =
      noClasses()
          .that()
          .resideOutsideOfPackage("prior.bench")
          .and()
          .resideInAPackage("prior..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("prior.bench");

  @ArchTest
  static final ArchRule CHECKPOINTS_KNOW_NO_SPARK =
      noClasses()
          .that()
          .resideInAPackage("prior.checkpoint")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..", "prior.train..", "prior.infer..", "org.deeplearning4j..");

  @ArchTest
  static final ArchRule TRAINING_AND_INFERENCE_DO_NOT_MEET =
      noClasses()
          .that()
          .resideInAPackage("prior.train..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("prior.infer..");

  @ArchTest
  static final ArchRule INFERENCE_KNOWS_NO_TRAINING =
      noClasses()
          .that()
          .resideInAPackage("prior.infer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("prior.train..");

  @ArchTest
  static final ArchRule SPARK_IS_KNOWN_WHERE_THE_PACKAGE_SAYS_SO =
      noClasses()
          .that()
          .resideOutsideOfPackages("prior..spark", "prior.cli")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  @ArchTest
  static final ArchRule DEEPLEARNING4J_IS_FENCED =
      noClasses()
          .that()
          .resideOutsideOfPackages("prior.model", "prior.train.spark")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j..");

  @ArchTest
  static final ArchRule PACKAGES_FORM_NO_CYCLE =
      slices().matching("prior.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NOTHING_BUT_JOBS_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("prior.fault")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule RANDOM_NUMBERS_HAVE_NAMES =
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(java.util.Random.class, java.util.concurrent.ThreadLocalRandom.class)
          .orShould()
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule NO_DUMPING_GROUNDS =
      classes().should().haveNameNotMatching(".*(Util|Utils|Helper|Manager)(\\$.*)?");

  private static ArchRule only(String inside, String... allowed) {
    return classes()
        .that()
        .resideInAPackage(inside)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed);
  }

  @Test
  void noFileIsLongerThanFourHundredLines() throws IOException {
    for (String root : new String[] {"src", "jobs", "submit.sh"}) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(f -> f.toString().matches(".*\\.(java|sh|py)")).toList()) {
          assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(400);
        }
      }
    }
  }
}
