package prior;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** One way through the packages, and who may know which library. */
class ArchitectureTest {
  static final ArchRule FAULT_KNOWS_NOBODY = only("prior.fault", "java..", "prior.fault");

  static final ArchRule PROGRESS_IS_PLAIN_JAVA = only("prior.progress", "java..", "prior.progress");

  static final ArchRule CONF_KNOWS_FAULTS_AND_ITS_PARSER =
      only("prior.conf", "java..", "prior.conf", "prior.fault", "com.typesafe.config..");

  static final ArchRule DATA_IS_PLAIN_JAVA =
      only("prior.data", "java..", "prior.data", "prior.fault");

  static final ArchRule DIFFUSION_KNOWS_NO_NETWORK =
      only(
          "prior.diffusion",
          "java..",
          "prior.diffusion",
          "prior.conf",
          "prior.fault",
          "org.nd4j..");

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

  /** It measures by inference what training trains, and is above both. */
  static final ArchRule VALIDATE_IS_ONE_WORKER =
      only(
          "prior.validate",
          "java..",
          "prior.validate",
          "prior.infer",
          "prior.train",
          "prior.model",
          "prior.data",
          "prior.conf",
          "prior.fault",
          "org.nd4j..");

  /** It is handed to training as a {@code Validator}, by the job. */
  static final ArchRule NOBODY_KNOWS_VALIDATION =
      noClasses()
          .that()
          .resideOutsideOfPackage("prior.validate..")
          .and()
          .resideInAPackage("prior..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("prior.validate..");

  /** It reads files that others wrote, so that a report can be made of any run at any time. */
  static final ArchRule REPORT_READS_FILES =
      only(
          "prior.report",
          "java..",
          "prior.report",
          "prior.checkpoint",
          "prior.conf",
          "prior.data.spark",
          "com.fasterxml.jackson..",
          "org.apache.hadoop..",
          "org.slf4j..");

  static final ArchRule DOCTOR_TRIES_A_MACHINE =
      only(
          "prior.doctor",
          "java..",
          "com.sun.management..",
          "prior.doctor",
          "prior.checkpoint",
          "prior.model",
          "prior.fault",
          "org.apache.hadoop..",
          "org.nd4j..");

  static final ArchRule NOBODY_KNOWS_THE_BENCH =
      noClasses()
          .that()
          .resideOutsideOfPackage("prior.bench")
          .and()
          .resideInAPackage("prior..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("prior.bench");

  static final ArchRule CHECKPOINTS_KNOW_NO_SPARK =
      noClasses()
          .that()
          .resideInAPackage("prior.checkpoint")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..", "prior.train..", "prior.infer..", "org.deeplearning4j..");

  static final ArchRule TRAINING_AND_INFERENCE_DO_NOT_MEET =
      noClasses()
          .that()
          .resideInAPackage("prior.train..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("prior.infer..");

  static final ArchRule INFERENCE_KNOWS_NO_TRAINING =
      noClasses()
          .that()
          .resideInAPackage("prior.infer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("prior.train..");

  static final ArchRule SPARK_IS_KNOWN_WHERE_THE_PACKAGE_SAYS_SO =
      noClasses()
          .that()
          .resideOutsideOfPackages("prior..spark", "prior.cli")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  static final ArchRule DEEPLEARNING4J_IS_FENCED =
      noClasses()
          .that()
          .resideOutsideOfPackages("prior.model", "prior.train.spark")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j..");

  static final ArchRule MLFLOW_IS_KNOWN_TO_TRACKERS_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackage("prior.track")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.mlflow..");

  static final ArchRule TRACKERS_KNOW_NO_TRAINING =
      noClasses()
          .that()
          .resideInAPackage("prior.track")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..", "prior.train..", "prior.infer..", "prior.model..");

  static final ArchRule PACKAGES_FORM_NO_CYCLE =
      slices().matching("prior.(**)").should().beFreeOfCycles();

  static final ArchRule NOTHING_BUT_JOBS_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("prior.fault")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  static final ArchRule RANDOM_NUMBERS_HAVE_NAMES =
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(java.util.Random.class, java.util.concurrent.ThreadLocalRandom.class)
          .orShould()
          .callMethod(Math.class, "random");

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

  /** By JUnit's own means: run by ArchUnit's engine, rules were neither counted nor failed. */
  @TestFactory
  Stream<DynamicTest> everyRuleHolds() {
    JavaClasses classes =
        new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("prior");
    return Arrays.stream(ArchitectureTest.class.getDeclaredFields())
        .filter(field -> field.getType() == ArchRule.class)
        .map(field -> dynamicTest(field.getName(), () -> rule(field).check(classes)));
  }

  private static ArchRule rule(Field field) throws IllegalAccessException {
    return (ArchRule) field.get(null);
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
