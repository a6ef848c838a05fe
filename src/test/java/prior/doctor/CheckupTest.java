package prior.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.fault.ExitStatus;
import prior.fault.UserFault;
import prior.model.Card;

class CheckupTest {
  @TempDir private Path temp;

  private static Optional<ExitStatus> status(Finding finding) {
    return finding.fault().map(UserFault::status);
  }

  private Finding last(String folder) {
    List<Finding> all = new Checkup("3.5.9", "2.12.18", List.of(folder)).findings().toList();
    return all.get(all.size() - 1);
  }

  @Test
  void aMachineThatRunsTheseTestsLacksNothingButPerhapsMemory() {
    List<Finding> all =
        new Checkup("3.5.9", "2.12.18", List.of(temp.toString())).findings().toList();
    assertThat(all)
        .extracting(Finding::subject)
        .containsExactly("java", "spark", "memory", "native", "gpu", "temp", "write");
    assertThat(all)
        .filteredOn(finding -> !finding.subject().equals("memory"))
        .allSatisfy(finding -> assertThat(finding.toString()).matches("\\w+ +ok   .+"));
  }

  @Test
  void nothingStaysInAFolderThatWasWritten() throws IOException {
    assertThat(last(temp.toString()).fault()).isEmpty();
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFolderThatNobodyMayWriteIsAMatterOfStorage() {
    Finding finding = last("/proc"); // even for root
    assertThat(status(finding)).contains(ExitStatus.STORAGE);
    assertThat(finding.toString()).startsWith("write    fix: expected to write in /proc");
  }

  @Test
  void aFolderThatIsMissingIsNotMade() {
    Path missing = temp.resolve("missing");
    assertThat(last(missing.toString()).toString()).contains("expected a folder, found none at");
    assertThat(missing).doesNotExist();
  }

  @Test
  void aFileSystemThatIsNotOnTheClassPathIsNamed() {
    assertThat(last("gs://bucket/out").toString()).startsWith("write    fix: Cannot open gs://");
  }

  @ParameterizedTest
  @CsvSource({"11, USAGE", "21, USAGE", "17,"})
  void javaIsSeventeen(int feature, ExitStatus status) {
    assertThat(status(Versions.java(feature, feature + ".0.1", "/jdk")))
        .isEqualTo(Optional.ofNullable(status));
  }

  @ParameterizedTest
  @CsvSource({"3.5.1, 2.12.18,", "3.5.1, 2.13.8, USAGE", "3.4.3, 2.12.18, USAGE"})
  void sparkIsThreeFiveWithScalaTwoTwelve(String spark, String scala, ExitStatus status) {
    assertThat(status(Versions.spark(spark, scala, "/spark")))
        .isEqualTo(Optional.ofNullable(status));
  }

  @Test
  void aHeapThatLeavesNoRoomForArraysIsToBeLowered() {
    assertThat(new Memory(8L << 30, 4L << 30).finding())
        .hasToString("memory   ok   8.0 GB, of which the driver's heap may take 4.0");
    Finding small = new Memory(5L << 30, 4L << 30).finding();
    assertThat(status(small)).contains(ExitStatus.RESOURCES);
    assertThat(small.toString()).contains("--driver-memory 3g");
  }

  @Test
  void aProductThatIsNotWhatItShouldBeIsAMatterOfTheMachine() {
    INDArray one = Nd4j.createFromArray(new float[][] {{2}});
    Finding wrong = NativeLibrary.product(one, one, one);
    assertThat(status(wrong)).contains(ExitStatus.RESOURCES);
    assertThat(wrong.toString()).contains("found [[2.0000]] times [[2.0000]] is [[4.0000]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | false | | none; processors are used",
        "NVIDIA A10, 8.6 | false | | not used: this jar is for processors",
        "NVIDIA H100, 9.0 | false | | not used: ND4J needs compute capability 3.7 to 8.9",
        "NVIDIA A10, 8.6 | true | | can be used",
        "NVIDIA H100, 9.0 | true | RESOURCES | build without -Dcuda",
        " | true | RESOURCES | found no GPU",
      })
  void aGpuIsUsedWhereJarAndCardGoTogether(
      String card, boolean library, ExitStatus status, String said) {
    Finding finding = new Gpu(Optional.ofNullable(card).flatMap(Card::parse), library).finding();
    assertThat(status(finding)).isEqualTo(Optional.ofNullable(status));
    assertThat(finding.toString()).contains(said);
  }
}
